const authors = String.raw`(?:[Ww]e|[Tt]his (?:[\w-]+ ){0,2}(?:paper|work|study|article|report|survey|thesis)|[Oo]ur (?:[\w-]+ )?(?:paper|work|study))`;
const inPassing = '(?: (?:[a-z]+ly|also|first|then|further|thus|therefore|hereby|instead))?';
const contributes =
  'introduc|propos|present|develop|design|devis|formulat|describ|buil[dt]|creat|construct|establish|explor|stud|investigat|examin|analy[sz]|address|revisit|argu|offer|provid|unveil|report|conduct|train|curat|collect|formaliz|extend|tackl|show|demonstrat|find|releas|identif|reveal|prov';

const contribution = new RegExp(String.raw`\b${authors}${inPassing} (?:${contributes})`);
const announcement = new RegExp(
  String.raw`\b[Ww]e${inPassing} (?:introduce|propose|present|develop)\b|\b${authors}${inPassing} (?:introduce|propose|present|develop|explore|studie|investigate|examine|addresse|provide|offer|describe|aim|review|analyze|demonstrate|show|tackle|evaluate)s\b`,
);
const authorsSpeak = /\b(?:[Ww]e|[Oo]urs?)\b/;
const apposition = /, (?:an?|the first|the) |\(|[:—–] an? /;
const result =
  /\b(?:outperform|achiev|improv|surpass|state-of-the-art|sota|superior|reduc|enhanc|gain|exceed)/i;
const finding =
  /\b[Ww]e (?:\w+ly |also |further )?(?:show|find|demonstrate|observe|prove|reveal|discover|identify|uncover)|\b(?:[Rr]esults|[Ff]indings|[Ee]xperiments|[Aa]nalys[ie]s) (?:\w+ )?(?:show|reveal|demonstrate|suggest|indicate|highlight)/;
const housekeeping =
  /\bhttps?\b|\bcodes?\b.{0,200}\b(?:available|released?|public)|\b(?:publicly|open-sourced?|released?)\b|\bavailable at\b|\bproject page|github|\bwe hope\b|\bfuture (?:research|work)\b/i;
const pointing =
  /^(?:It|They|This|These|Those|Such|Its|Their|The former|The latter)\b(?! (?:[\w-]+ ){0,2}(?:paper|work|study|article|report|survey|thesis)\b)/;

/** What a sentence of an abstract is about, as far as its words give it away. */
export type Cues = {
  /** Says what the authors did, in whatever words. */
  readonly contributes: boolean;
  /** Says so in the usual ones: "we propose", "this paper presents". */
  readonly announces: boolean;
  /** Says what the thing that they made is: "we propose X, a …". */
  readonly explains: boolean;
  readonly authorsSpeak: boolean;
  readonly result: boolean;
  readonly finding: boolean;
  /** Says where the code is, or what the authors hope for. */
  readonly housekeeping: boolean;
  /** Opens with a word that points to the sentence before: "It", "These". */
  readonly pointsBack: boolean;
};

export function cuesOf(sentence: string): Cues {
  const contributes = contribution.test(sentence);
  return {
    contributes,
    announces: announcement.test(sentence),
    explains: contributes && apposition.test(sentence),
    authorsSpeak: authorsSpeak.test(sentence),
    result: result.test(sentence),
    finding: finding.test(sentence),
    housekeeping: housekeeping.test(sentence),
    pointsBack: pointing.test(sentence),
  };
}
