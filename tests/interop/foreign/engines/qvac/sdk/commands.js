// What @qvac/cli imports for its commands that are not `serve`.
function nothing() {
  throw new Error('There is no SDK here.')
}

export {
  nothing as bundleSdk,
  nothing as formatVerifyBundleResult,
  nothing as hasErrors,
  nothing as hasWarnings,
  nothing as verifyBundle
}
