// Judges requests: one JSON text per line on standard input, one decision per line on standard output.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "policy.h"

int main(void) {
  Z_policy_instance_t policy;
  wasm_rt_init();
  Z_policy_init_module();
  Z_policy_instantiate(&policy);  // The bundle is loaded now.
  wasm_rt_memory_t *memory = Z_policyZ_memory(&policy);

  char *line = NULL;
  size_t room = 0;
  ssize_t read;
  while ((read = getline(&line, &room, stdin)) > 0) {
    if (line[read - 1] == '\n') read--;
    // A text that is too large gets no memory, and a decision that says so.
    u32 length = read < UINT32_MAX ? (u32)read : UINT32_MAX;
    u32 request = Z_policyZ_alloc(&policy, length);
    if (request != 0) memcpy(memory->data + request, line, length);
    u32 decision = Z_policyZ_evaluate(&policy, request, length);
    fwrite(memory->data + decision, 1, Z_policyZ_decisionLength(&policy), stdout);
    putchar('\n');
  }
  free(line);
  Z_policy_free(&policy);
  wasm_rt_free();
  return fflush(stdout) == 0 && !ferror(stdin) ? EXIT_SUCCESS : EXIT_FAILURE;
}
