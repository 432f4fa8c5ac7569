/** Where a generated capture begins to count its papers, and how many it has. */
type CaptureOptions = { readonly papers?: number; readonly from?: number };

/** The text of a Daily Papers page of 3 September with made-up papers, as a browser copies it. */
export function aCapture({ papers = 30, from = 1 }: CaptureOptions = {}): string {
  const blocks = Array.from({ length: papers }, (_, at) => [
    titleOf(from + at),
    `We study question number ${from + at}, which nobody had asked. Our method answers it in ${from + at} steps. Experiments on three data sets show that it is right.`,
  ]).flat();
  const head = [
    'new',
    'Get trending papers in your email inbox!',
    'Subscribe',
    'Daily Papers',
    'byAK and the research community',
    'Sep 3',
  ];
  return `${[...head, ...blocks].join('\n\n')}\n`;
}

/** The title of the capture's paper with this number. */
export function titleOf(number: number): string {
  const topic = topics[number % topics.length];
  return `${topic} Without Tears: Question ${number} Answered`;
}

const topics = ['Reinforcement Learning', 'Sparse Attention', 'Diffusion', 'Speech Recognition'];
