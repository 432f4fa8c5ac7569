import { describe, expect, test } from 'vitest';
import { isPrivateAddress } from '../../../src/sources/fetch/private-address.ts';

describe('an address is private', () => {
  test.each([
    ['this machine', '127.0.0.1'],
    ['all of its network', '127.255.0.9'],
    ['any address of it', '0.0.0.0'],
    ['a private network', '10.1.2.3'],
    ['another', '172.31.255.255'],
    ['a third', '192.168.0.1'],
    ['one shared by a provider', '100.64.0.1'],
    ['the metadata service of a cloud', '169.254.169.254'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['this machine in IPv6', '::1'],
    ['the same in brackets', '[::1]'],
    ['the same in full', '0:0:0:0:0:0:0:1'],
    ['no address', '::'],
    ['link-local', 'fe80::1%eth0'],
    ['a private network in IPv6', 'fd12:3456::1'],
    ['IPv4 in IPv6', '::ffff:127.0.0.1'],
    ['IPv4 in IPv6, in hexadecimal', '::ffff:a9fe:a9fe'],
    ['IPv4 in IPv6, in full', '0:0:0:0:0:ffff:10.0.0.1'],
    ['IPv4 in the old way', '::127.0.0.1'],
    ['IPv4 behind NAT64', '64:ff9b::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['documentation', '2001:db8::1'],
    ['a name', 'localhost'],
    ['nothing', ''],
  ])('%s', (_, address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each([
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.1.1',
    '100.128.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '::ffff:808:808',
    '64:ff9b::808:808',
  ])('but not %s', address => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});
