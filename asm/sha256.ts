// SHA-256 of the bundle, which every decision names.

/** The constants of the rounds. */
const K: usize = memory.data(256);
const W: usize = memory.data(256);
const LAST: usize = memory.data(128);
const STATE: usize = memory.data(32);
const ROUNDS: usize = memory.data(256 + 32);

/** Hashes [p, p + length); where the 32 bytes of the hash are, as eight big numbers stored little-endian. */
export function sha256(p: usize, length: usize): usize {
  fillConstants();
  const whole = length & ~63;
  for (let i: usize = 0; i < whole; i += 64) block(p + i);
  const rest = length - whole;
  const padded: usize = rest < 56 ? 64 : 128;
  memory.fill(LAST, 0, 128);
  memory.copy(LAST, p + whole, rest);
  store<u8>(LAST + rest, 0x80);
  store<u64>(LAST + padded - 8, bswap<u64>((<u64>length) << 3));
  block(LAST);
  if (padded == 128) block(LAST + 64);
  return STATE;
}

// The first 32 bits behind the point of the cube roots (K) and square roots (the initial hash) of the first primes.
function fillConstants(): void {
  let n: usize = 0;
  for (let prime = 2; n < 256; prime++) {
    let divisor = 2;
    while (prime % divisor) divisor++;
    if (divisor < prime) continue;
    const x = <f64>prime;
    if (n < 32) store<u32>(STATE + n, <u32>(<i64>(sqrt(x) * 4294967296)));
    // Newton's method from above: the remainder is far below the 32nd bit after this many steps.
    let root = x;
    for (let step = 0; step < 20; step++) root -= (root - x / (root * root)) / 3;
    store<u32>(K + n, <u32>(<i64>(root * 4294967296)));
    n += 4;
  }
}

function block(p: usize): void {
  for (let i: usize = 0; i < 64; i += 4) store<u32>(W + i, bswap<u32>(load<u32>(p + i)));
  for (let i: usize = 64; i < 256; i += 4) {
    const at = W + i;
    const x = load<u32>(at - 60);
    const y = load<u32>(at - 8);
    const s0 = rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >> 3);
    const s1 = rotr<u32>(y, 17) ^ rotr<u32>(y, 19) ^ (y >> 10);
    store<u32>(at, load<u32>(at - 64) + s0 + load<u32>(at - 28) + s1);
  }
  // The eight working words slide down through ROUNDS, one word per round: seven of them only change their names.
  let at = ROUNDS + 256;
  memory.copy(at, STATE, 32);
  for (let i: usize = 0; i < 256; i += 4) {
    const a = load<u32>(at);
    const b = load<u32>(at, 4);
    const c = load<u32>(at, 8);
    const e = load<u32>(at, 16);
    const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const choice = (e & load<u32>(at, 20)) ^ (~e & load<u32>(at, 24));
    const t1 = load<u32>(at, 28) + s1 + choice + load<u32>(K + i) + load<u32>(W + i);
    const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
    store<u32>(at, load<u32>(at, 12) + t1, 12);
    at -= 4;
    store<u32>(at, t1 + s0 + ((a & b) ^ (a & c) ^ (b & c)));
  }
  for (let i: usize = 0; i < 32; i += 4) store<u32>(STATE + i, load<u32>(STATE + i) + load<u32>(ROUNDS + i));
}
