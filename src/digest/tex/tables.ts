/** Greek letters: `\alpha` → `α`. */
export const greek = table(`
  alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
  kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ
  chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ
  Omega Ω`);

/** Letters and marks of Latin text: `\O` → `Ø`. */
export const letters = table(`
  ss ß o ø O Ø ae æ AE Æ oe œ OE Œ aa å AA Å l ł L Ł i ı j ȷ dh ð DH Ð eth ð ETH Ð dj đ DJ Đ
  ng ŋ NG Ŋ th þ TH Þ S § P ¶ dag † ddag ‡`);

/** Other commands that stand for a few characters: `\times` → `×`. */
export const symbols = table(`
  times × cdot · pm ± mp ∓ div ÷ ast ∗ star ⋆ circ ∘ bullet • sim ∼ approx ≈ simeq ≃ cong ≅
  equiv ≡ neq ≠ ne ≠ leq ≤ le ≤ geq ≥ ge ≥ ll ≪ gg ≫ lt < gt > propto ∝ infty ∞ partial ∂ nabla ∇
  sum ∑ prod ∏ int ∫ in ∈ notin ∉ subset ⊂ subseteq ⊆ cup ∪ cap ∩ forall ∀ exists ∃ ell ℓ top ⊤
  bot ⊥ perp ⊥ mid | parallel ∥ oplus ⊕ otimes ⊗ odot ⊙ wedge ∧ vee ∨ neg ¬ emptyset ∅ hbar ℏ
  prime ′ langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ deg ° degree ° textdegree °
  to → rightarrow → leftarrow ← longrightarrow → mapsto ↦ leftrightarrow ↔ Rightarrow ⇒
  Leftrightarrow ⇔ uparrow ↑ downarrow ↓ dagger † ddagger ‡ ldots … dots … textellipsis …
  cdots ⋯ textasciitilde ∼ textendash – textemdash — textquoteright ’ textquoteleft ‘
  textgreater > textless < textpm ± texttimes × copyright © pounds £
  guillemotleft « guillemotright » checkmark ✓`);

/** Shorthands of many a paper's own, with the stop they may bring: `\eg` → `e.g.`. */
export const shorthands = table('eg e.g. ie i.e. etc etc. etal et~al. wrt w.r.t. vs vs. cf cf.');

/** Accent commands and the combining mark each puts on the letter that follows. */
export const accents = marks(`
  \` 0300 ' 0301 ^ 0302 ~ 0303 = 0304 u 0306 . 0307 " 0308 r 030A H 030B v 030C d 0323 c 0327 k 0328
  b 0331`);

/** Accents of formulas, by name: `\hat{x}` → `x̂`. */
export const mathAccents = marks(
  'hat 0302 widehat 0302 tilde 0303 widetilde 0303 bar 0304 overline 0304 dot 0307 vec 20D7',
);

/** Commands of which only the argument is wanted: `\emph{x}` → `x`. */
export const wrappers = words(`
  textit textbf textsc texttt textrm textsf textsl textup textmd text emph underline url mbox hbox
  ensuremath mathcal mathbb mathbf mathrm mathit mathsf mathtt mathfrak mathscr boldsymbol bm
  operatorname`);

/** Colours, which stand alone where a source lost `\textcolor` as well. */
export const colours = words('red blue green orange teal purple magenta cyan violet');

/** Switches and spaces that say how something looks: `{\it x}` → `x`. */
export const switches = new Set(
  words(`
  it bf em sc tt rm sl sf itshape bfseries scshape ttfamily tiny scriptsize footnotesize small
  normalsize large Large centering noindent xspace displaystyle textstyle left right big Big bigl
  bigr quad qquad nobreakdash nolimits limits protect`),
);

/** Commands whose argument is a key for TeX alone. */
export const keyed = new Set(
  words('cite citep citet citeauthor label ref eqref cref vspace hspace'),
);

/** Commands with two arguments, and what is made of them. */
export const pairs: ReadonlyMap<string, (first: string, second: string) => string> = new Map([
  ['href', (_, text) => text],
  ['colorbox', (_, text) => text],
  ['frac', (above, below) => `${above}/${below}`],
  ['tfrac', (above, below) => `${above}/${below}`],
]);

/** Characters that Unicode has raised. */
export const superscripts = table(`
  0 ⁰ 1 ¹ 2 ² 3 ³ 4 ⁴ 5 ⁵ 6 ⁶ 7 ⁷ 8 ⁸ 9 ⁹ + ⁺ - ⁻ = ⁼ ( ⁽ ) ⁾ ′ ′ ° °
  a ᵃ b ᵇ c ᶜ d ᵈ e ᵉ f ᶠ g ᵍ h ʰ i ⁱ j ʲ k ᵏ l ˡ m ᵐ n ⁿ o ᵒ p ᵖ r ʳ s ˢ t ᵗ u ᵘ v ᵛ w ʷ x ˣ
  y ʸ z ᶻ A ᴬ B ᴮ D ᴰ E ᴱ G ᴳ H ᴴ I ᴵ J ᴶ K ᴷ L ᴸ M ᴹ N ᴺ O ᴼ P ᴾ R ᴿ T ᵀ U ᵁ V ⱽ W ᵂ`);

/** Characters that Unicode has lowered. */
export const subscripts = table(`
  0 ₀ 1 ₁ 2 ₂ 3 ₃ 4 ₄ 5 ₅ 6 ₆ 7 ₇ 8 ₈ 9 ₉ + ₊ - ₋ = ₌ ( ₍ ) ₎
  a ₐ e ₑ h ₕ i ᵢ j ⱼ k ₖ l ₗ m ₘ n ₙ o ₒ p ₚ r ᵣ s ₛ t ₜ u ᵤ v ᵥ x ₓ`);

/** From `name character name character …`. */
function table(text: string): ReadonlyMap<string, string> {
  const entries = words(text);
  return new Map(entries.flatMap((name, at) => (at % 2 ? [] : [[name, entries[at + 1] ?? '']])));
}

/** The same from `name code name code …`, with the hexadecimal codes of combining marks. */
function marks(text: string): ReadonlyMap<string, string> {
  const codes = [...table(text)];
  return new Map(
    codes.map(([name, code]) => [name, String.fromCodePoint(Number.parseInt(code, 16))]),
  );
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
