package ui

import tea "charm.land/bubbletea/v2"

// quit ends the program, after a question when something would be cut off.
func (a *App) quit() tea.Cmd {
	why := ""
	for _, v := range a.views {
		if l, ok := v.(Leaver); ok && why == "" {
			why = l.Leaving()
		}
	}
	if n := len(a.env.pending); n > 0 {
		why = Count(n, "write has", "writes have") + " not been sent yet. What is left unsent now waits in the outbox for you."
	} else if n := len(a.env.writes); n > 0 {
		why = Count(n, "write has", "writes have") + " been sent and not answered yet. If you leave now, what became of that is found out at the next start."
	}
	if why == "" {
		return tea.Quit
	}
	a.ask(why)
	return nil
}

// ask puts the question before leaving, over the lock if the desk is locked.
func (a *App) ask(why string) {
	if a.lock.on {
		// What it is about is for those who can unlock.
		a.env.over = NewConfirm(a.env, "Quit?", "Something of this desk is not finished yet.", "Quit", func() tea.Cmd { return tea.Quit })
		return
	}
	for _, d := range a.env.dialogs {
		if c, ok := d.(*Confirm); ok && c.quits {
			return
		}
	}
	c := NewConfirm(a.env, "Quit?", why, "Quit", func() tea.Cmd { return tea.Quit })
	c.quits = true
	a.env.Open(c)
}
