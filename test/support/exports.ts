import type { SuppressionReason } from '../../src/store/schema.ts';

/** Whether who has these cells is mailed; not, but not suppressed either; or suppressed, and why. */
type Wanted = 'mail' | 'skip' | SuppressionReason;

/** An export of another program, made up; the address goes where `@` stands. */
export type Export = {
  readonly name: string;
  /** The file's name. */
  readonly file: string;
  readonly head: string;
  readonly rows: readonly (readonly [Wanted, string])[];
};

const mailchimp =
  '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION';
const member = '2,,,"2021-03-02 10:00:00",192.0.2.7,,,,,,,';
const statusRows = [
  ['mail', '@,Ada,Subscribed'],
  ['left', '@,Bo,Unsubscribed'],
  ['bounced', '@,Cy,Bounced'],
  ['complained', '@,Di,Marked as spam'],
  ['skip', '@,Ed,Unconfirmed'],
  ['skip', '@,Flo,Soft bounced'],
] as const;

/** What programs export, five rows and more each; sources in `src/readers/opt-outs.ts`. */
export const exports: readonly Export[] = [
  {
    name: 'Mailchimp, subscribed',
    file: 'subscribed_email_audience_export_1a2b3c.csv',
    head: `${mailchimp},LAST_CHANGED,LEID,EUID,NOTES,TAGS`,
    rows: ['Ada', 'Bo', 'Cy', 'Di', 'Ed'].map(
      name =>
        ['mail', `@,${name},B,${member},"2021-03-02 10:00:00",1,a,,"""Left field"""`] as const,
    ),
  },
  {
    name: 'Mailchimp, unsubscribed',
    file: 'unsubscribed_email_audience_export_1a2b3c.csv',
    head: `${mailchimp},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS`,
    rows: [
      ['left', `@,A,B,${member},"2023-05-06 07:08:09",News,a1,"NORMAL: no longer want",,1,a,,`],
      ['left', `@,A,B,${member},"2023-05-06 07:08:09",News,a1,"NOSIGNUP: never signed up",,1,a,,`],
      ['complained', `@,A,B,${member},"2023-05-06 07:08:09",,,"SPAM: reported",,1,a,,`],
      ['left', `@,A,B,${member},"2023-05-06 07:08:09",,,,,1,a,,`],
      ['left', `@,A,B,${member},,,,,,1,a,,`],
    ],
  },
  {
    name: 'Mailchimp, unsubscribed, under another name',
    file: 'audience.csv',
    head: '"Email Address","First Name",UNSUB_TIME,UNSUB_REASON',
    rows: [
      ['left', '@,A,"2023-05-06 07:08:09",'],
      ['left', '@,A,,"OTHER: moved"'],
      ['complained', '@,A,"2023-05-06 07:08:09","SPAM: reported"'],
      ['left', '@,A,"2023-05-06 07:08:09","INAPPROPRIATE: no"'],
      ['mail', '@,A,,'],
    ],
  },
  {
    name: 'Mailchimp, cleaned',
    file: 'cleaned_email_audience_export_1a2b3c.csv',
    head: `${mailchimp},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LEID,EUID,NOTES,TAGS`,
    rows: Array.from({ length: 5 }, (_, at) => [
      'bounced',
      `@,A,B,${member},${at ? '"2023-05-06 07:08:09"' : ''},May,x1,1,a,,`,
    ]),
  },
  {
    name: 'Mailchimp, never subscribed',
    file: 'nonsubscribed_email_audience_export_1a2b3c.csv',
    head: `${mailchimp},LAST_CHANGED,LEID,EUID,NOTES,TAGS`,
    rows: Array.from({ length: 5 }, () => ['skip', `@,A,B,${member},,1,a,,`]),
  },
  {
    name: 'Substack',
    file: 'email_list.papers.csv',
    head: 'email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at',
    rows: [
      ['mail', '@,false,,other,false,2025-01-01T00:00:00.000Z,'],
      ['left', '@,false,,other,true,2025-01-01T00:00:00.000Z,'],
      ['mail', '@,true,2026-01-01T00:00:00.000Z,yearly,false,2025-01-01T00:00:00.000Z,'],
      ['left', '@,true,2026-01-01T00:00:00.000Z,yearly,TRUE,2025-01-01T00:00:00.000Z,'],
      ['mail', '@,false,,other,,2025-01-01T00:00:00.000Z,'],
    ],
  },
  {
    name: 'Ghost',
    file: 'papers.ghost.2025-01-02.csv',
    head: 'id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers',
    rows: [
      ['mail', 'a1,@,Ada,,true,false,,2024-01-01T00:00:00.000Z,,,'],
      ['left', 'a2,@,Bo,,false,false,,2024-01-01T00:00:00.000Z,,,'],
      ['left', 'a3,@,Cy,,true,false,,2024-01-01T00:00:00.000Z,2024-02-01T00:00:00.000Z,,'],
      ['left', 'a4,@,Di,said no,false,true,cus_1,2024-01-01T00:00:00.000Z,,VIP,Gold'],
      ['mail', 'a5,@,Ed,,true,true,cus_2,2024-01-01T00:00:00.000Z,,VIP,Gold'],
    ],
  },
  {
    name: 'HubSpot',
    file: 'hubspot-crm-exports-all-contacts.csv',
    head: 'Record ID,First Name,Last Name,Email,Unsubscribed from all email,Email hard bounced,Email hard bounce reason,Marketing emails bounced,Invalid email address',
    rows: [
      ['mail', '1,A,B,@,false,,,0,false'],
      ['left', '2,A,B,@,true,,,1,false'],
      ['bounced', '3,A,B,@,,,UNKNOWN_USER,1,false'],
      ['bounced', '4,A,B,@,true,true,,1,'],
      ['bounced', '5,A,B,@,,,,,true'],
      ['mail', '6,A,B,@,,,,2,'],
    ],
  },
  {
    name: 'HubSpot, unsubscribes and bounces',
    file: 'unsubscribes_and_bounces.csv',
    head: 'Email Address,Portal Bounce,Portal Unsubscribe,Portal Spam Report,Global Bounce,Marketing Information',
    rows: [
      ['left', '@,,TRUE,,,'],
      ['bounced', '@,UNKNOWN_USER,,,,'],
      ['complained', '@,,TRUE,TRUE,,'],
      ['bounced', '@,FALSE,FALSE,FALSE,TRUE,FALSE'],
      ['left', '@,FALSE,FALSE,FALSE,FALSE,TRUE'],
    ],
  },
  {
    name: 'Klaviyo',
    file: 'all-profiles.csv',
    head: 'Email,Klaviyo ID,First Name,Last Name,Email Marketing Consent,Email Marketing Consent Timestamp,Email Suppressions,SMS Marketing Consent,SMS Suppressions',
    rows: [
      ['mail', `@,01,A,B,SUBSCRIBED,2023-01-01T00:00:00+00:00,[],UNSUBSCRIBED,['UNSUBSCRIBE']`],
      ['left', `@,02,A,B,UNSUBSCRIBED,2023-01-01T00:00:00+00:00,['UNSUBSCRIBE'],,[]`],
      ['bounced', `@,03,A,B,SUBSCRIBED,,['HARD_BOUNCE'],,[]`],
      ['complained', `@,04,A,B,UNSUBSCRIBED,,"['UNSUBSCRIBE', 'SPAM_COMPLAINT']",,[]`],
      ['skip', '@,05,A,B,NEVER_SUBSCRIBED,,[],,[]'],
      ['left', `@,06,A,B,SUBSCRIBED,,['USER_SUPPRESSED'],,[]`],
    ],
  },
  {
    name: 'Brevo',
    file: 'contact_export_1.csv',
    head: 'CONTACT ID,EMAIL,FIRSTNAME,LASTNAME,SMS,EMAIL_BLACKLISTED,SMS_BLACKLISTED,ADDED_TIME',
    rows: [
      ['mail', '1,@,A,B,,No,Yes,01-01-2024'],
      ['left', '2,@,A,B,,Yes,No,01-01-2024'],
      ['mail', '3,@,A,B,,,,01-01-2024'],
      ['left', '4,@,A,B,,1,0,01-01-2024'],
      ['left', '5,@,A,B,,true,true,01-01-2024'],
    ],
  },
  {
    name: 'Brevo, as its interface calls it',
    file: 'contacts.csv',
    head: 'EMAIL;FIRSTNAME;BLACKLISTED',
    rows: [
      ['mail', '@;A;0'],
      ['left', '@;A;1'],
      ['left', '@;A;Yes'],
      ['mail', '@;A;No'],
      ['mail', '@;A;'],
    ],
  },
  {
    name: 'phpList',
    file: 'phpList Export.csv',
    head: 'id,email,confirmed,blacklisted,optedin,bouncecount,entered,modified,uniqid,htmlemail,disabled',
    rows: [
      ['mail', '1,@,1,0,0,0,2020-01-01,2020-01-01,a,1,0'],
      ['left', '2,@,1,1,1,0,2020-01-01,2020-01-01,b,1,0'],
      ['skip', '3,@,0,0,0,0,2020-01-01,2020-01-01,c,1,0'],
      ['editor', '4,@,1,0,1,0,2020-01-01,2020-01-01,d,1,1'],
      ['bounced', '5,@,1,0,1,12,2020-01-01,2020-01-01,e,1,0'],
      ['mail', '6,@,1,0,1,2,2020-01-01,2020-01-01,f,0,0'],
      ['left', '7,@,0,1,0,0,2020-01-01,2020-01-01,g,1,0'],
    ],
  },
  {
    name: 'phpList, with its labels',
    file: 'phplist.csv',
    head: '"Email","Is this subscriber confirmed","Is this subscriber blacklisted","Number of bounces","Is this account disabled?"',
    rows: [
      ['mail', '@,1,0,0,0'],
      ['left', '@,1,1,0,0'],
      ['skip', '@,0,0,0,0'],
      ['editor', '@,1,0,0,1'],
      ['bounced', '@,1,0,7,0'],
    ],
  },
  {
    name: 'Buttondown',
    file: 'subscribers.csv',
    head: 'email,notes,metadata,tags,referrer_url,creation_date,type,unsubscription_date,unsubscription_reason,undeliverability_date,undeliverability_reason',
    rows: [
      ['mail', '@,,{},,,2024-01-01,regular,,,,'],
      ['mail', '@,,{},,,2024-01-01,premium,,,,'],
      ['left', '@,,{},,,2024-01-01,unsubscribed,2024-02-01,too many,,'],
      ['editor', '@,,{},,,2024-01-01,removed,,,,'],
      ['editor', '@,,{},,,2024-01-01,spammy,,,,'],
      ['skip', '@,,{},,,2024-01-01,unactivated,,,,'],
      ['bounced', '@,,{},,,2024-01-01,undeliverable,,,2024-02-01,550'],
      ['left', '@,,{},,,2024-01-01,regular,2024-02-01T00:00:00Z,,,'],
    ],
  },
  {
    name: 'Google Groups',
    file: 'papers-members.csv',
    head: 'Email address,Nickname,Group status,Email status,Email preference,Posting permissions,Join year',
    rows: [
      ['mail', '@,Ada,member,,All email,allowed,2020'],
      ['mail', '@,Bo,owner,,Digest,override,2020'],
      ['left', '@,Cy,member,,No email,allowed,2020'],
      ['bounced', '@,Di,member,Bouncing,All email,allowed,2020'],
      ['editor', '@,Ed,banned,,All email,not allowed,2020'],
      ['skip', '@,Flo,invited,,All email,allowed,2020'],
    ],
  },
  {
    name: 'Mailman 2',
    file: 'members.csv',
    head: 'Full Name,Email,mod,hide,nomail,ack,not metoo,nodupes,digest,plain',
    rows: [
      ['mail', 'Ada,@,off,off,off,off,off,on,off,on'],
      ['left', 'Bo,@,off,off,[U],off,off,on,off,on'],
      ['bounced', 'Cy,@,off,off,[B],off,off,on,off,on'],
      ['editor', 'Di,@,off,off,[A],off,off,on,off,on'],
      ['left', 'Ed,@,off,off,[?],off,off,on,off,on'],
      ['left', 'Flo,@,off,off,on,off,off,on,off,on'],
      ['mail', 'Gus,@,off,off,,off,off,on,off,on'],
    ],
  },
  {
    name: 'Mailman 3',
    file: 'roster.csv',
    head: 'address,display_name,delivery_mode,delivery_status',
    rows: [
      ['mail', '@,Ada,regular,enabled'],
      ['left', '@,Bo,regular,by_user'],
      ['bounced', '@,Cy,mime_digests,by_bounces'],
      ['editor', '@,Di,regular,by_moderator'],
      ['mail', '@,Ed,regular,'],
    ],
  },
  {
    name: 'listmonk',
    file: 'subscribers-export.csv',
    head: 'uuid,email,name,attributes,status,created_at,updated_at',
    rows: [
      ['mail', 'u1,@,Ada,{},enabled,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z'],
      ['left', 'u2,@,Bo,{},blocklisted,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z'],
      ['editor', 'u3,@,Cy,{},disabled,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z'],
      ['mail', 'u4,@,Di,"{""town"": ""Bath""}",enabled,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z'],
      ['left', 'u5,@,Ed,{},Blocklisted,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z'],
    ],
  },
  {
    name: 'listmonk, of one list',
    file: 'list-1.csv',
    head: 'email,name,status,subscription_status',
    rows: [
      ['mail', '@,Ada,enabled,confirmed'],
      ['left', '@,Bo,enabled,unsubscribed'],
      ['skip', '@,Cy,enabled,unconfirmed'],
      ['left', '@,Di,blocklisted,confirmed'],
      ['left', '@,Ed,blocklisted,unsubscribed'],
    ],
  },
  {
    name: 'Sendy',
    file: 'papers.csv',
    head: 'Email,Name,Status',
    rows: statusRows,
  },
  {
    name: 'Kit',
    file: 'kit.csv',
    head: 'email_address,first_name,state,created_at',
    rows: [
      ['mail', '@,Ada,active,2025-03-03'],
      ['left', '@,Bo,cancelled,2025-03-03'],
      ['bounced', '@,Cy,bounced,2025-03-03'],
      ['complained', '@,Di,complained,2025-03-03'],
      ['skip', '@,Ed,inactive,2025-03-03'],
    ],
  },
];
