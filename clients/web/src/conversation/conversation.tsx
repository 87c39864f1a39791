import type { RoomView } from '@parlance/client';
import type { ChatMessage } from '@parlance/proto';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { MemberPanel } from '../members/member-panel.js';
import { isComposing } from '../parts/is-composing.js';
import { Composer } from './composer.js';
import { ConversationHeader } from './conversation-header.js';
import { MessageLog } from './log/message-log.js';
import { ReceiptsDialog } from './receipts/receipts-dialog.js';
import { typingText } from './typing-text.js';

/** The open room: its head, what was said, who is typing, and where one writes. Esc closes the members, then the room. */
export function Conversation({ view, isOnline, onClose }: ConversationProps): JSX.Element {
  const [showsMembers, setShowsMembers] = useState(false);
  const [inspected, setInspected] = useState<ChatMessage>();
  const [sentCount, setSentCount] = useState(0);
  const { room, typing } = view;
  useEffect(() => {
    // On the window, because the focus is nowhere when what had it is gone. Dialogs and fields keep their own Esc.
    const closeByKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || isComposing(event) || event.defaultPrevented) return;
      if (showsMembers) setShowsMembers(false);
      else onClose();
    };
    addEventListener('keydown', closeByKey);
    return () => removeEventListener('keydown', closeByKey);
  }, [showsMembers, onClose]);
  return (
    <main class={`conversation ${showsMembers ? 'conversation-with-members' : ''}`}>
      <div class="conversation-pane">
        <ConversationHeader
          view={view}
          showsMembers={showsMembers}
          onBack={onClose}
          onMembers={() => setShowsMembers(!showsMembers)}
        />
        <MessageLog view={view} isOnline={isOnline} sentCount={sentCount} onTicks={setInspected} />
        <div class={`typing-row ${typing.length > 0 ? 'typing-row-on' : ''}`} role="status" aria-live="polite">
          {typing.length > 0 && (
            <>
              <span class="typing-dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              {typingText(typing)}
            </>
          )}
        </div>
        <Composer roomId={room.roomId} isOnline={isOnline} onSent={() => setSentCount(sentCount + 1)} />
      </div>
      {showsMembers && <MemberPanel view={view} onClose={() => setShowsMembers(false)} />}
      {inspected && <ReceiptsDialog message={inspected} view={view} onClose={() => setInspected(undefined)} />}
    </main>
  );
}

/** See {@link Conversation}. */
export interface ConversationProps {
  readonly view: RoomView;
  readonly isOnline: boolean;
  readonly onClose: () => void;
}
