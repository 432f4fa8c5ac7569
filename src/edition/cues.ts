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
export function cuesOf(sentence: string) {
  const contributes = contribution.test(sentence);
  return {
    /** Says what the authors did, in whatever words. */
    contributes,
    /** Says so in the usual ones: "we propose", "this paper presents". */
    announces: announcement.test(sentence),
    /** Says what the thing that they made is: "we propose X, a …". */
    explains: contributes && apposition.test(sentence),
    authorsSpeak: authorsSpeak.test(sentence),
    result: result.test(sentence),
    finding: finding.test(sentence),
    /** Says where the code is, or what the authors hope for. */
    housekeeping: housekeeping.test(sentence),
    /** Opens with a word that points to the sentence before: "It", "These". */
    pointsBack: pointing.test(sentence),
  };
}

/** "In this paper, we …" */
const here = String.raw`(?:In|Through|With) th(?:is|e present) (?:[\w-]+ )?(?:paper|work|study|article|report|survey|thesis),?|Here,`;

/** Words that only tie a sentence to the one before. */
const ties =
  'Specifically|Concretely|Therefore|Thus|Hence|In response|Furthermore|Moreover|Additionally|In addition|Finally|Notably|Consequently|As a result|Accordingly|Overall|In particular|In summary|In contrast|Importantly|Crucially|Remarkably|To (?:this|that) end';

/** "To address this gap, …", "Based on these findings, …": they point to what is not shown. */
const reply = `(?:To [a-z]+(?: with)?|(?:Motivated|Inspired|Guided|Driven) by|(?:Based|Building) (?:up)?on) (?:this|these|that|those|the (?:gap|challenge|problem|issue|limitation|question)s?)[^,()]{0,50},`;

const opening = new RegExp(`^(?:${here}|(?:${ties}),|${reply}) `);

/** Background that stands before "we propose" in the same sentence: "While X is slow, we propose Y". */
const background =
  /^(?:(?:While|Although|Though|Whereas|Despite|Unlike|In contrast to|Instead of|Rather than)\b[^();:]{0,200}?|(?:To|By|With|In|For|From|On|Under|Given|As|Through|Towards?|Beyond|At|[A-Z][a-z]+(?:ed|ing)) (?=[^();:]{0,120}?\b(?:this|these|those|such(?! as)|above)\b)[^();:]{0,160}?), (?=(?:we|this (?:paper|work)) (?:\w+ly |also |first |further |instead |then |therefore )?(?:introduce|propose|present|develop|design|devise|study|investigate|explore|create|construct|build|conduct|formulate|offer|provide)s?\b)/i;

/** What is left must be a sentence, not a stump. */
const shortestRest = 30;

/** "Moreover, to address this, in this paper, we …": nobody says more before they begin. */
const mostLeadIns = 4;

/** `sentence` without the words before its subject that only tie it to others. */
export function withoutLeadIn(sentence: string): string {
  let left = sentence;
  for (let count = 0; count < mostLeadIns; count += 1) {
    const rest = left.replace(background, '').replace(opening, '');
    if (rest === left || rest.length < shortestRest) break;
    left = rest.charAt(0).toUpperCase() + rest.slice(1);
  }
  return left;
}
