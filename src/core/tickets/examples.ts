import type { Examples } from '../../testing/examples.ts';

export const examples: Examples = {
  make: async ({ client, mark, run }) => {
    const file = (title: string) =>
      run('approver', 'ticket.file-bug', {
        project: client.project,
        title,
        description: 'I press it, nothing happens.',
      });
    const { id: ticket } = await file(`The pay button of ${mark}`);
    const { id: of } = await file(`The buy button of ${mark}`);
    const { message } = await run('admin', 'ticket.reply', { ticket, body: `Which browser, ${mark}?` });
    return { ticket, of, message } as Record<string, string>;
  },
  more: {
    'ticket.progress': { after: [['admin', 'ticket.approve']], input: { status: 'in_progress' } },
    'ticket.set-details': { input: { category: 'Payment' } },
  },
};
