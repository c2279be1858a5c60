/** Milliseconds a server has to answer where nobody said how long: to the end of a connection or of a statement. */
export const answerWithin = 5_000
