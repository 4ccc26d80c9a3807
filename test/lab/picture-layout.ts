/** The paper, in pixels; drawn twice as fine in the PNG. */
export const PAPER = { width: 1080, height: 440 }

export const PLOT = { left: 64, right: PAPER.width - 28, top: 134, bottom: 340 }

/** The strip below the plot that tells who was promoted. */
export const STRIP = { top: 382, bottom: 406 }

export const COLOUR = {
  ink: '#24292f',
  faint: '#57606a',
  line: '#d8dee4',
  curve: '#0969da',
  fault: '#cf222e',
  paper: '#ffffff',
}

/** Dark enough for white letters, distinct to most eyes. */
export const NODE_COLOURS = ['#4477aa', '#228833', '#aa3377', '#8a5a00', '#555555']

/** The span of one step of the curve: short enough to show a failover, long enough to be calm. */
export const STEP_MS = 500
