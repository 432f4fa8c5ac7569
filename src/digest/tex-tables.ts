/** TeX commands that stand for one character: `\alpha` → `α`. */
export const symbols = table(`
  alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
  kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ
  omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω
  times × cdot · pm ± mp ∓ div ÷ ast ∗ star ⋆ circ ∘ sim ∼ approx ≈ simeq ≃ equiv ≡ neq ≠ ne ≠
  leq ≤ le ≤ geq ≥ ge ≥ ll ≪ gg ≫ propto ∝ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫
  in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ forall ∀ exists ∃ ell ℓ degree ° textdegree °
  to → rightarrow → leftarrow ← mapsto ↦ leftrightarrow ↔ Rightarrow ⇒ uparrow ↑ downarrow ↓
  ldots … dots … textellipsis … cdots ⋯ textasciitilde ∼ textendash – textemdash — textquoteright ’
  S § P ¶ dag † ddag ‡ copyright © pounds £ checkmark ✓
  ss ß o ø O Ø ae æ AE Æ oe œ OE Œ aa å AA Å l ł L Ł i ı j ȷ`);

/** Accent commands and the combining mark each puts on the letter that follows. */
export const accents: ReadonlyMap<string, string> = new Map([
  ['`', '\u0300'],
  ["'", '\u0301'],
  ['^', '\u0302'],
  ['~', '\u0303'],
  ['=', '\u0304'],
  ['u', '\u0306'],
  ['.', '\u0307'],
  ['"', '\u0308'],
  ['r', '\u030A'],
  ['H', '\u030B'],
  ['v', '\u030C'],
  ['d', '\u0323'],
  ['c', '\u0327'],
  ['k', '\u0328'],
  ['b', '\u0331'],
]);

/** Commands of which only the argument is wanted: `\emph{x}` → `x`. */
export const wrappers = words(`
  textit textbf textsc texttt textrm textsf textsl textup textmd text emph underline url mbox hbox
  ensuremath mathcal mathbb mathbf mathrm mathit mathsf mathtt mathfrak mathscr boldsymbol bm
  operatorname`);

/** Switches that change how the rest of a group looks: `{\it x}` → `x`. */
export const switches = words(`
  it bf em sc tt rm sl sf itshape bfseries scshape ttfamily tiny scriptsize footnotesize small
  normalsize large Large centering noindent xspace displaystyle textstyle left right big Big bigl
  bigr quad qquad`);

/** Characters that Unicode has raised. */
export const superscripts = table(
  '0 ⁰ 1 ¹ 2 ² 3 ³ 4 ⁴ 5 ⁵ 6 ⁶ 7 ⁷ 8 ⁸ 9 ⁹ + ⁺ - ⁻ = ⁼ ( ⁽ ) ⁾ n ⁿ i ⁱ',
);

/** Characters that Unicode has lowered. */
export const subscripts = table('0 ₀ 1 ₁ 2 ₂ 3 ₃ 4 ₄ 5 ₅ 6 ₆ 7 ₇ 8 ₈ 9 ₉ + ₊ - ₋ = ₌ ( ₍ ) ₎');

/** From `name character name character …`. */
function table(text: string): ReadonlyMap<string, string> {
  const entries = words(text);
  const map = new Map<string, string>();
  for (let at = 0; at < entries.length; at += 2) map.set(entries[at] ?? '', entries[at + 1] ?? '');
  return map;
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
