import { describe, expect, test } from 'vitest';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { corpusFiles, readCorpusFile } from '../support/corpora.ts';

type Recorded = { readonly url: string; readonly status_code: number; readonly body: string };

describe('answers of the arXiv API', () => {
  test.each(corpusFiles('arxiv', '.json'))('%s', file => {
    const { url, body }: Recorded = JSON.parse(readCorpusFile('arxiv', file).toString());
    const parse = () => parseDigest(body, { referenceDay: '2026-05-12', source: url });
    const ids = [...body.matchAll(/<id>http:\/\/arxiv\.org\/abs\/(.*)v\d+<\/id>/g)].map(
      ([, id]) => id,
    );
    if (body.includes('api/errors')) {
      expect(parse).toThrow(/: arXiv says: incorrect id format for abc$/);
    } else if (ids.length === 0) {
      expect(parse).toThrow(EmptyDigestError);
      expect(parse).toThrow(/: it lists no papers\.$/);
    } else {
      const { papers, problems } = parse();
      expect(problems).toEqual([]);
      expect(papers.map(({ arxivId }) => arxivId)).toEqual(ids);
      for (const paper of papers) {
        expect(paper.url).toMatch(/^https:\/\/arxiv\.org\/abs\//);
        expect(paper.pdfUrl).toMatch(/^https:\/\/arxiv\.org\/pdf\//);
        expect(paper.publishedOn).toMatch(/^(?:19|20)\d\d-\d\d-\d\d$/);
        expect(paper.authors.length).toBeGreaterThan(0);
        expect(paper.abstract.length).toBeGreaterThan(40);
      }
    }
  });
});
