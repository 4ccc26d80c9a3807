/** A linear map from values to places on the paper. */
export type Scale = (value: number) => number

export function scale(fromValue: number, toValue: number, fromPlace: number, toPlace: number): Scale {
  const factor = (toPlace - fromPlace) / (toValue - fromValue)
  return value => fromPlace + (value - fromValue) * factor
}

/** Round values from 0 up to the first that is not below `max`, about `count` steps of 1, 2 or 5 times a power of ten. */
export function ticks(max: number, count: number): number[] {
  const step = roundStep(Math.max(max, 1) / count)
  const steps = Math.max(1, Math.ceil(max / step))
  return Array.from({ length: steps + 1 }, (_, index) => index * step)
}

function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  const factor = [1, 2, 5].find(factor => factor * power >= step) ?? 10
  return Math.max(1, factor * power)
}
