import { ValidationFailedError } from '@covet/core'

/** Values that do not fit their model or its rules. Answers 400, with the issues as the problem's `errors`. */
export class ValidationError extends ValidationFailedError {}
