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
