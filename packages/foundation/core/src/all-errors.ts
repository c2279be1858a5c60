export {
  DuplicatePluginError,
  DuplicateServiceError,
  MissingServiceError,
  PluginCycleError,
  RequestServiceError,
  ServiceNotReturnedError,
  ServicesClosedError,
  SlotClosedError,
  SlotNotReadyError,
  StageContradictionError,
  UnsupportedOptionError,
} from './errors.ts'
export {
  DeadlineExceededError,
  DuplicateMemberError,
  InvalidHeaderError,
  InvalidHostError,
  InvalidQueryError,
  JsonLimitError,
  MethodNotAllowedError,
  MisdirectedRequestError,
  NotFoundError,
  RequestTimeoutError,
  TooManyHeadersError,
  UnsafeTrustProxyError,
  UnsupportedMediaTypeError,
  UrlTooLongError,
} from './http-errors.ts'
export { ShuttingDownError } from './drain.ts'
export { ClientDisconnectedError } from './request-signal.ts'
export { HeaderConflictError } from './response-headers.ts'
export { InvalidDurationError } from './duration.ts'
export { InvalidSizeError } from './size.ts'
