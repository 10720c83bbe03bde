// Which implementation of AES-GCM and ChaCha20-Poly1305 runs.
import { addon } from './addon';
import { outOfRange, text } from './check';

/** Vector instructions of x86-64, or none of them. Which one runs changes no byte of a result. */
export type Kernel = 'avx512' | 'avx2' | 'aes-ni' | 'portable';

addon.followEnvironment();

/** The implementation of AES-GCM and ChaCha20-Poly1305 that keys are set up for from now on. */
export function kernel(): Kernel {
  return addon.kernel() as Kernel;
}

/**
 * Chooses the implementation of AES-GCM and ChaCha20-Poly1305 for the whole program, from the next key on. Without it
 * the fastest runs that the CPU has, or what the environment variable `IIPTRAN_ACCEL` names.
 */
export function chooseKernel(name: Kernel): void {
  if (!addon.chooseKernel(text('name', name))) {
    throw outOfRange('name', `one of ${addon.kernels().join(', ')} on this CPU`, name);
  }
}
