// How the groups of the picture look: a colour and a sign each, so that no colour is needed to tell them apart.

/** @type {Record<string, {fill: string, line: string, sign: string}>} */
export const LOOKS = {
  stage: { fill: "#e9e3f7", line: "#6b4fb3", sign: "▶" },
  programme: { fill: "#d9e6e8", line: "#175e6b", sign: "◎" },
  course: { fill: "#dceafc", line: "#2c5fa8", sign: "■" },
  capability: { fill: "#fbe6cf", line: "#a35a0b", sign: "●" },
  knowledge: { fill: "#d8f1ee", line: "#1d7368", sign: "◆" },
  skill: { fill: "#eaf3cf", line: "#5d7414", sign: "▲" },
  requirement: { fill: "#f4e4e4", line: "#94201f", sign: "□" },
  "standard-level": { fill: "#e6e9ee", line: "#465160", sign: "★" },
  occupation: { fill: "#f6dfe6", line: "#9a3459", sign: "✚" },
  task: { fill: "#f3e9dc", line: "#7a5a33", sign: "◇" },
  certificate: { fill: "#fdf3b5", line: "#857000", sign: "✦" },
  indicator: { fill: "#e4e7fb", line: "#4350b0", sign: "△" },
  organisation: { fill: "#ece9e4", line: "#5f584c", sign: "▣" },
  other: { fill: "#f1f2f4", line: "#626c76", sign: "○" },
};

/** @param {string} group */
export function lookOf(group) {
  return LOOKS[group] ?? LOOKS.other;
}

/**
 * The box of the legend for a group.
 * @param {string} group
 */
export function swatch(group) {
  const look = lookOf(group);
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const box = document.createElementNS(namespace, "rect");
  const sign = document.createElementNS(namespace, "text");
  for (const [name, value] of Object.entries({ width: "22", height: "18", "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const [name, value] of Object.entries({ x: "1", y: "1", width: "20", height: "16", rx: "3", fill: look.fill, stroke: look.line })) box.setAttribute(name, value);
  for (const [name, value] of Object.entries({ x: "11", y: "13", "text-anchor": "middle", "font-size": "11", fill: look.line })) sign.setAttribute(name, value);
  sign.textContent = look.sign;
  svg.append(box, sign);
  return svg;
}
