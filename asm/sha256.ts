// SHA-256 of the bundle, which every decision names.

const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
const INITIAL: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
const W: usize = memory.data(256);
const LAST: usize = memory.data(128);
const STATE: usize = memory.data(32);
const ROUNDS: usize = memory.data(256 + 32);

/** Hashes [p, p + length); where the 32 bytes of the hash are, as eight big numbers stored little-endian. */
export function sha256(p: usize, length: usize): usize {
  memory.copy(STATE, INITIAL, 32);
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
