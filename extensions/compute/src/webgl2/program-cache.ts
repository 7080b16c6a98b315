import type { Capabilities } from './capabilities.ts';
import { compileProgram, type GpuProgram, type ProgramSource } from './program.ts';

/** Programs are small, but a slider over a filter's width makes a new one at every step. */
const MOST_PROGRAMS = 64;

/** Programs by source, each compiled once. */
export class ProgramCache {
  private readonly gl: WebGL2RenderingContext;
  private readonly capabilities: () => Capabilities;
  /** Least recently used first. */
  private readonly programs = new Map<string, Promise<GpuProgram>>();

  constructor(gl: WebGL2RenderingContext, capabilities: () => Capabilities) {
    this.gl = gl;
    this.capabilities = capabilities;
  }

  get count(): number {
    return this.programs.size;
  }

  get(source: ProgramSource): Promise<GpuProgram> {
    const key = `${source.vertex ?? ''}\0${source.fragment}`;
    const known = this.programs.get(key);
    this.programs.delete(key);
    const program = known ?? compileProgram(this.gl, source, this.capabilities().parallelCompilation);
    this.programs.set(key, program);
    if (!known) {
      // One that failed is not kept: a lost context fails every program, and all are fine after it was restored.
      program.catch(() => {
        if (this.programs.get(key) === program) this.programs.delete(key);
      });
      this.evict();
    }
    return program;
  }

  /** Deletes every program. */
  clear(): void {
    for (const key of this.programs.keys()) this.remove(key);
  }

  /** Forgets all programs: the context that had them was lost. */
  forgetAll(): void {
    this.programs.clear();
  }

  private evict(): void {
    for (const key of this.programs.keys()) {
      if (this.programs.size <= MOST_PROGRAMS) return;
      this.remove(key);
    }
  }

  private remove(key: string): void {
    const program = this.programs.get(key);
    this.programs.delete(key);
    program?.then(({ handle }) => this.gl.deleteProgram(handle)).catch(() => {});
  }
}
