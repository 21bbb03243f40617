// Why a bundle was refused: the code and the place of the first fault.

let refusedCode: i32 = 0;
let refusedAt: u32 = 0;
let start: usize = 0;

export function beginChecks(bundle: usize): void {
  start = bundle;
  refusedCode = 0;
  refusedAt = 0;
}

/** Refuses the bundle for what stands at an address. */
export function refuse(code: i32, at: usize): i32 {
  refusedCode = code;
  refusedAt = <u32>(at - start);
  return code;
}

export function lastCode(): i32 {
  return refusedCode;
}

export function lastOffset(): u32 {
  return refusedAt;
}
