// What @qvac/cli imports for models that are not of videos.
export const configSchemaForModelType = () => undefined
export const llamacppCompletionConfigSchema = {
  pick: () => ({ safeParse: () => ({ success: false }) })
}
