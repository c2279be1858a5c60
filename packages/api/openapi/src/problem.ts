/** The schema of a problem document (RFC 9457) as Covet answers it. */
export const problemSchema: Readonly<Record<string, unknown>> = {
  $id: 'Problem',
  type: 'object',
  description: 'A problem document (RFC 9457).',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'The id of the request.' },
    code: { type: 'string', description: 'Permanent: area/fact.', examples: ['validation/failed'] },
    errors: {
      type: 'array',
      description: 'What is wrong with the request, when its code is validation/failed.',
      items: {
        type: 'object',
        required: ['in', 'path', 'keyword', 'message'],
        properties: {
          in: { enum: ['body', 'query', 'params', 'headers'] },
          path: { type: 'string', description: 'A JSON Pointer (RFC 6901) within that part.' },
          keyword: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
  },
}
