import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** What every part of the chat needs beside the client: who one is, and a place for bad news. */
export interface Chat {
  readonly userId: string;
  /** Shows a note. */
  readonly show: (text: string) => void;
  /** Waits for something, shows what goes wrong, and resolves with whether it went well. Never rejects. */
  readonly attempt: (work: Promise<unknown>) => Promise<boolean>;
}

/** Given by `ChatShell`. */
export const ChatContext = createContext<Chat | undefined>(undefined);

/** The chat around this component. */
export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (chat === undefined) throw new Error('useChat works inside ChatShell only');
  return chat;
}
