import type { Kernel } from './kernel.ts';

/** After any fault or end of one: who counts may have changed, and the eventualities' time counts anew. */
export function faultsChanged(kernel: Kernel): void {
  for (const { monitor } of kernel.hosts) {
    monitor.statusChanged();
    monitor.rebase();
    monitor.checkAll();
  }
}

/** Takes a fault back `length` ns from now; null for never. */
export function undoAfter(kernel: Kernel, length: number | null, undo: () => void): void {
  if (length !== null) kernel.at(kernel.now + length, { run: undo });
}
