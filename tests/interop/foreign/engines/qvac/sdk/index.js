// Stands in for @qvac/sdk, so that the HTTP layer of @qvac/cli runs without a model: what it
// "generates" is a test picture as MJPG in AVI, which is what the real engine gives out.
import { spawn } from 'node:child_process'
import { setTimeout as after } from 'node:timers/promises'

const QUEUED_MS = 500
const STEPS = 10
const STEP_MS = 150

const running = new Map()
let made = 0

export function video({ width = 832, height = 480, video_frames: frames = 65, fps = 16 }) {
  const requestId = `request-${++made}`
  const work = new AbortController()
  running.set(requestId, work)
  const rendered = render({ width, height, frames, fps }, work.signal)
  const done = after(QUEUED_MS + (STEPS + 1) * STEP_MS, undefined, { signal: work.signal })
  const outputs = Promise.all([rendered, done])
    .then(([avi]) => [avi])
    .finally(() => running.delete(requestId))
  const stats = outputs.then(() => ({ width, height, videoFrames: frames }))
  return { requestId, outputs, stats, progressStream: ticks(work.signal) }
}

async function* ticks(signal) {
  await after(QUEUED_MS, undefined, { signal })
  for (let step = 1; step <= STEPS; step++) {
    yield { step, totalSteps: STEPS, elapsedMs: step * STEP_MS }
    await after(STEP_MS, undefined, { signal })
  }
}

function render({ width, height, frames, fps }, signal) {
  // The number is in the picture's colour: each video has bytes of its own.
  const picture = `testsrc=size=${width}x${height}:rate=${fps},hue=h=${(made * 37) % 360}`
  const options = ['-f', 'lavfi', '-i', picture, '-frames:v', `${frames}`, '-c:v', 'mjpeg']
  const command = ['-nostdin', '-loglevel', 'error', ...options, '-f', 'avi', 'pipe:1']
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', command, { stdio: ['ignore', 'pipe', 'inherit'], signal })
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(chunks)) : reject(new Error(`ffmpeg ended with ${code}`))
    )
  })
}

export async function cancel({ requestId }) {
  running.get(requestId)?.abort()
}

export function loadModel() {
  return Object.assign(Promise.resolve('model'), { requestId: 'load' })
}

export async function unloadModel() {}

export async function close() {}

function nothing() {
  throw new Error('This engine makes videos only.')
}

export {
  nothing as completion,
  nothing as diffusion,
  nothing as embed,
  nothing as getLoadedModelInfo,
  nothing as ragCloseWorkspace,
  nothing as ragDeleteWorkspace,
  nothing as ragIngest,
  nothing as ragListWorkspaces,
  nothing as ragSearch,
  nothing as textToSpeech,
  nothing as transcribe,
  nothing as translate
}
