import { describe, expect, test } from 'vitest';
import { texToUnicode } from '../../src/digest/tex.ts';

describe('texToUnicode', () => {
  test.each([
    ['10\\% of R\\&D in \\#3, snake\\_case, \\$5', '10% of R&D in #3, snake_case, $5'],
    ["the ``edit-friendly'' noise", 'the “edit-friendly” noise'],
    ['``sequence modeling." Although', '“sequence modeling.” Although'],
    ["a `less is more' pattern", 'a ‘less is more’ pattern'],
    ["Student`s-t and f''(x)", 'Student’s-t and f″(x)'],
    ["object\\'s potential", "object's potential"],
    ['following a~failure event', 'following a failure event'],
    ['V-JEPA~(ViT-H), Table~1, {1.31 FID}~(nearly', 'V-JEPA (ViT-H), Table 1, {1.31 FID} (nearly'],
    ['75%~89%', '75%–89%'],
    ['data -- all of it', 'data – all of it'],
    ['signals--visual, 1--16 steps---or more', 'signals–visual, 1–16 steps—or more'],
    ['41.6\\% vs.\\ 33.5\\%', '41.6% vs.  33.5%'],
    [
      'Bolet\\\'{\\i}n by \\"Ust\\"un, \\c{C}elik and Erd\\H{o}s',
      'Boletín by Üstün, Çelik and Erdős',
    ],
    ['vis-\\`a-vis \\O rsted', 'vis-à-vis Ø rsted'],
    ['\\alpha, 5 \\times 5, x \\sim p, \\approx', 'α, 5 × 5, x ∼ p, ≈'],
    ['$\\alpha$-GAN with $n$ and $x^2$', 'α-GAN with n and x²'],
    ['O(N^2), SAP^{2}, x_{1}, 360^\\circ, 360^circ', 'O(N²), SAP², x₁, 360°, 360°'],
    ['\\textsc{Model} {\\it vs.} \\emph{other \\textbf{one}}', 'Model vs. other one'],
    ['at~\\url{https://a.b/c}.', 'at https://a.b/c.'],
    ['36times 64, 256times256, 4096 times 2048', '36×64, 256×256, 4096×2048'],
    ['4times faster, 40 times faster', '4× faster, 40 times faster'],
    ['\\color{ddtD}ecoupled~(\\color{ddtDDT})', 'Decoupled (DDT)'],
  ])('reads %s', (tex, unicode) => {
    expect(texToUnicode(tex)).toBe(unicode);
  });

  test.each([
    '~5% of tokens (~13k) take ~3x',
    '{{title}} and {True, False}',
    'from $5 to $10, R$ 3',
    "don't, rock 'n' roll, the 1990's, users' data",
    'pass --verbose to snake_case_name',
    'sometimes three times, per-timestep',
    'c^* and nabla^k',
    'C:\\temp\\macro',
    '<script>alert("x")</script> & co',
    'the `code` in Markdown',
  ])('leaves ordinary text alone: %s', text => {
    expect(texToUnicode(text)).toBe(text);
  });

  test('leaves URLs alone but for what TeX escaped in them', () => {
    const text = 'see https://a.b/~me/x--y_z^2 and https://a.b/SDXL\\_v1';
    expect(texToUnicode(text)).toBe('see https://a.b/~me/x--y_z^2 and https://a.b/SDXL_v1');
  });

  test('takes time in proportion to the text, whatever that is', () => {
    for (const piece of [
      '``',
      '$^',
      '~',
      '{\\it ',
      '\\textit{',
      "`a '",
      '\\\\',
      '^{',
      '--',
      ' times ',
    ]) {
      const start = performance.now();
      texToUnicode(piece.repeat(20_000 / piece.length));
      expect(performance.now() - start).toBeLessThan(500);
    }
  });
});
