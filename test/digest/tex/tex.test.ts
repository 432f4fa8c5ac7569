import { describe, expect, test } from 'vitest';
import { texToUnicode } from '../../../src/digest/tex/tex.ts';

describe('texToUnicode', () => {
  test.each([
    ['10\\% of R\\&D in \\#3, snake\\_case, \\$5', '10% of R&D in #3, snake_case, $5'],
    ["the ``edit-friendly'' noise", 'the “edit-friendly” noise'],
    ['``sequence modeling." Although', '“sequence modeling.” Although'],
    ["a `less is more' pattern", 'a ‘less is more’ pattern'],
    ["Student`s-t and f''(x)", 'Student’s-t and f″(x)'],
    ["object\\'s potential", "object's potential"],
    ['following a~failure event', 'following a failure event'],
    ['V-JEPA~(ViT-H), Table~1, {1.31 FID}~(nearly', 'V-JEPA (ViT-H), Table 1, 1.31 FID (nearly'],
    ['75%~89%, and \\~8B', '75%–89%, and ~8B'],
    ['data -- all of it', 'data – all of it'],
    ['signals--visual, 1--16 steps---or more', 'signals–visual, 1–16 steps—or more'],
    ['41.6\\% vs.\\ 33.5\\%', '41.6% vs. 33.5%'],
    [
      'Bolet\\\'{\\i}n by \\"Ust\\"un, \\c{C}elik and Erd\\H{o}s',
      'Boletín by Üstün, Çelik and Erdős',
    ],
    ['vis-\\`a-vis \\O rsted and {\\AA}ngstr\\"{o}m', 'vis-à-vis Ørsted and Ångström'],
    ['\\alpha, 5 \\times 5, x \\sim p, \\approx', 'α, 5 × 5, x ∼ p, ≈'],
    ['a rate \\alpha is chosen', 'a rate α is chosen'],
    ['$\\alpha$-GAN with $n$, $x^2$ and $Foo-1$', 'α-GAN with n, x² and Foo-1'],
    ['It costs \\(O(n)\\), or \\$5 to \\$9', 'It costs O(n), or $5 to $9'],
    ['at~\\url{https://a.b/c}.', 'at https://a.b/c.'],
    [
      'see \\href{https://a.b/c}{our page}, https://a.b/d{here}',
      'see our page, https://a.b/d (here)',
    ],
    ['the board\\footnote{https://a.b/.} Our', 'the board (https://a.b/.) Our'],
    ['as shown~\\cite{a2020,b2021} by \\textcolor{red}{us}', 'as shown by us'],
    ['It works. % We show how, in 5 % Of all', 'It works. We show how, in 5 % Of all'],
    ['changes (\\eg colour, \\ie. hue)', 'changes (e.g. colour, i.e. hue)'],
  ])('reads %s', (tex, unicode) => {
    expect(texToUnicode(tex)).toBe(unicode);
  });

  test.each([
    ['O(N^2), SAP^{2}, 10^{-10}, x_{1}, k^{th}', 'O(N²), SAP², 10⁻¹⁰, x₁, kᵗʰ'],
    ['R^{m\\times n}, R^{mtimes n}, R^{d times d}', 'R^(m×n), R^(m×n), R^(d×d)'],
    ['π_{0.5}, r^{update}, J_{G}^*, n^{1+o(1)}', 'π_(0.5), r^(update), J_G^*, n¹⁺ᵒ⁽¹⁾'],
    ['x_{i_{1}} and e^{-(x)}', 'x_(i₁) and e⁻⁽ˣ⁾'],
    ['360^\\circ, 360^circ, 360^{circ}, 360{\\deg}', '360°, 360°, 360°, 360°'],
    ['360^circtimes180^circ', '360°×180°'],
    ['\\frac{1}{2}, 1{2}, \\sqrt{2n}, \\hat{x}', '1/2, 1/2, √(2n), x̂'],
  ])('raises, lowers and divides %s', (tex, unicode) => {
    expect(texToUnicode(tex)).toBe(unicode);
  });

  test.each([
    ['\\textsc{Model} {\\it vs.} \\emph{other \\textbf{one}}', 'Model vs. other one'],
    ['textit{O}, a texttt{D}ual, mathcal{O}(n), context', 'O, a Dual, O(n), context'],
    ['{S}ignal {P}rop, brea{K}ing, {3D GU}', 'Signal Prop, breaKing, 3D GU'],
    ['N{=}1, r{=}{-}0.13, 6{,}690, γ{=}4, FID{}=2', 'N=1, r=-0.13, 6,690, γ=4, FID=2'],
    ['\\method, (\\ours{}) and LLaMA\\nobreakdash-3', 'method, (ours) and LLaMA-3'],
    ['d\\log(H) and \\left( x \\right)', 'd log(H) and ( x )'],
    ['\\b{Coupled {\\name} (X)} and \\textbf{left open', 'Coupled name (X) and left open'],
    ['left} open, or {so, and so on', 'left open, or so, and so on'],
    ['https://a.b/c}{a.b/c and', 'https://a.b/c a.b/c and'],
    ['\\color{ddtD}ecoupled~(\\color{ddtDDT})', 'Decoupled (DDT)'],
    ['including teal{Tool-use}, orange{Reasoning}', 'including Tool-use, Reasoning'],
  ])('takes commands and braces away: %s', (tex, unicode) => {
    expect(texToUnicode(tex)).toBe(unicode);
  });

  test.each([
    ['36times 64, 256times256, 4096 times 2048', '36×64, 256×256, 4096×2048'],
    ['4times faster, 40 times faster', '4× faster, 40 times faster'],
    ['1.45times, 7{times} and times3.2', '1.45×, 7× and ×3.2'],
    ['8timesA800, LLMtimesMapReduce, m times n', '8×A800, LLM×MapReduce, m × n'],
  ])('knows times that lost its backslash: %s', (tex, unicode) => {
    expect(texToUnicode(tex)).toBe(unicode);
  });

  test.each([
    '~5% of tokens (~13k) take ~3x',
    '{{title}} and {True, False} in {"a": 1}',
    'from $5 to $10, R$ 3',
    "don't, rock 'n' roll, the 1990's, users' data",
    'pass --verbose to snake_case_name',
    'sometimes three times, per-timestep, K times more, I times a',
    'c^* and nabla^k and x_1',
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

  test.each([
    '``',
    '$^',
    '~',
    '{\\it ',
    '\\textit{',
    "`a '",
    '\\\\',
    '\\frac{',
    '^{',
    '{',
    '}',
    '{}',
    'a{b}',
    '{a,',
    '--',
    ' times ',
    'https://',
  ])('takes 100 kB of “%s” in its stride', piece => {
    const text = piece.repeat(100_000 / piece.length);
    // What takes longer than its length times a constant does not end before the test's time.
    expect(texToUnicode(text).length).toBeLessThanOrEqual(text.length);
  });

  test('takes braces 50,000 deep in its stride', () => {
    expect(texToUnicode(`${'x^{'.repeat(50_000)}y${'}'.repeat(50_000)}`)).toContain('y');
  });
});
