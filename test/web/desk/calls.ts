/** Something to be called, and to wait for. */
export function awaitCalls(): { call(): void; next(): Promise<void> } {
  let told = () => {};
  return {
    call: () => told(),
    next: () =>
      new Promise(resolve => {
        told = resolve;
      }),
  };
}
