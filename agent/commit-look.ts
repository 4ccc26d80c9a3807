/** How a source's commits stood when its monitor looked: two looks in a row tell whether those that wait make progress. */
export interface CommitLook {
  readonly ackers: number
  readonly waiting: number
  /** Commits acknowledged since the server started. */
  readonly acknowledged: number
  /** Acknowledgements were asked for anew after this look. */
  readonly renewed: boolean
  /** The applier had stopped with an error. */
  readonly stuck?: boolean
}
