/** Something that the server holds: what is there stays on screen while it is asked for again. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Resource<T> {
  data: T | undefined;
  error: unknown;
  /** Nothing to show yet. */
  isLoading: boolean;
  /** Asking again, with the old answer on screen. */
  isRefreshing: boolean;
  reload: () => Promise<void>;
  /** Put in what a change has told already. */
  set: (data: T) => void;
}

/** Ask when `deps` change; an answer that comes too late is dropped. */
export function useResource<T>(ask: (signal: AbortSignal) => Promise<T>, deps: readonly unknown[]): Resource<T> {
  const [state, setState] = useState<{ data?: T; error?: unknown; asking: boolean }>({ asking: true });
  const asking = useRef<AbortController | undefined>(undefined);
  const latest = useRef(ask);
  latest.current = ask;

  const reload = useCallback(async () => {
    asking.current?.abort();
    const mine = (asking.current = new AbortController());
    setState((old) => ({ ...old, asking: true }));
    try {
      const data = await latest.current(mine.signal);
      if (!mine.signal.aborted) setState({ data, asking: false });
    } catch (error) {
      if (!mine.signal.aborted) setState((old) => ({ data: old.data, error, asking: false }));
    }
  }, []);
  useEffect(() => {
    void reload();
    return () => asking.current?.abort();
  }, deps as unknown[]);

  const { data, error } = state;
  return {
    data, error: error ?? null, isLoading: state.asking && data === undefined && !error, isRefreshing: state.asking && data !== undefined,
    reload, set: (value) => setState({ data: value, asking: false }),
  };
}

/** The value, once it has rested for a while: for what is asked at each key stroke. */
export function useRested<T>(value: T, restMs = 250): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value, restMs]);
  return rested;
}
