/**
 * A key and a certificate for `localhost`, signed by nobody but itself: what a client that checks
 * certificates must refuse. Made for these tests and used nowhere else; the key guards nothing.
 */
export const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNdv7J2bp6JVTGYtb
wPy3kMoFCkU7Za38ay0q/6EYLPuhRANCAATriijSl8lD4GhoWzdSQwGfLiomtp9R
0cuRHwxq6PtiibGG7QU2LldRNwMgVBYdu0gmcGxTeAdUo9u/oQo/r52w
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjUwMTAxMDAwMDAwWhgPMjEyNTAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOuKKNKXyUPgaGhb
N1JDAZ8uKia2n1HRy5EfDGro+2KJsYbtBTYuV1E3AyBUFh27SCZwbFN4B1Sj27+h
Cj+vnbCjTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
BTADAQH/MB0GA1UdDgQWBBRbQjw2bIWvfs8+OcjGIH/YN62Q/jAKBggqhkjOPQQD
AgNIADBFAiEAsC3jwF5UinmhWiJqlGcPJifsHqfp2TGIHGTylrSOMNoCIAkSw58C
HRi6zRbkuwJGkpjKoyAtPZV93QvIFuwg8CwV
-----END CERTIFICATE-----
`,
} as const;
