package billing

import (
	"strings"
	"time"

	"frontdesk/clients/inboxhealth"
	"frontdesk/ui"
)

func (v *View) declareEnterprises() {
	inbox := v.inbox
	v.write.enterprise = declare(v, ui.Write[inboxhealth.NewEnterprise, outcome]{
		Vendor: inboxName, Op: "create enterprise", Words: "set up the enterprise",
		Send: func(c ctx, n inboxhealth.NewEnterprise) (outcome, error) {
			x, err := inbox.CreateEnterprise(c, n)
			return outcome{Words: "Enterprise " + x.ID.String() + " is set up.", ID: x.ID}, err
		},
		ReadBack: func(c ctx, n inboxhealth.NewEnterprise, since time.Time) (ui.Landing, error) {
			s, err := inbox.SettleEnterprise(c, n, since)
			return v.landing(s, err, since)
		},
	})
	v.write.practice = declare(v, ui.Write[inboxhealth.NewPractice, outcome]{
		Vendor: inboxName, Op: "create practice", Words: "add the practice",
		Send: func(c ctx, n inboxhealth.NewPractice) (outcome, error) {
			x, err := inbox.CreatePractice(c, n)
			return outcome{Words: "Practice " + x.ID.String() + " is added.", ID: x.ID}, err
		},
		ReadBack: func(c ctx, n inboxhealth.NewPractice, since time.Time) (ui.Landing, error) {
			s, err := inbox.SettlePractice(c, n, since)
			return v.landing(s, err, since)
		},
	})
	v.write.edit = declare(v, ui.Write[editing, outcome]{
		Vendor: inboxName, Op: "change enterprise", Words: "change the enterprise",
		Send:     func(c ctx, n editing) (outcome, error) { return sendEdit(c, inbox, n) },
		ReadBack: func(c ctx, n editing, since time.Time) (ui.Landing, error) { return v.settleEdit(c, n, since) },
	})
}

// sendEdit reads the enterprise again and changes it, if the fields are as they
// were seen.
func sendEdit(c ctx, inbox *inboxhealth.Client, n editing) (outcome, error) {
	now, err := inbox.Enterprise(c, n.Enterprise)
	if err != nil {
		return outcome{}, err
	}
	there := enterpriseValues(now)
	for name, was := range n.Seen {
		if there[name] != was {
			return outcome{}, refusal("change enterprise", "Somebody changed "+name+" at Inbox Health meanwhile, so nothing was sent. Press esc, then r to read it again.")
		}
	}
	x, err := inbox.UpdateEnterprise(c, now, n.Edits)
	return outcome{Words: "Enterprise " + n.Enterprise.String() + " is changed.", ID: x.ID}, err
}

func (v *View) settleEdit(c ctx, n editing, since time.Time) (ui.Landing, error) {
	now, err := v.inbox.Enterprise(c, n.Enterprise)
	if err != nil {
		return ui.CannotTell, err
	}
	there, s := enterpriseValues(now), inboxhealth.Settled{}
	switch {
	case same(there, n.Edits):
		s.Verdict = inboxhealth.Landed
	case same(there, n.Seen):
		s.Verdict = inboxhealth.DidNot
	}
	return v.landing(s, nil, since)
}

// same reports that the fields named in want have its values.
func same(there, want map[string]string) bool {
	for name, value := range want {
		if strings.TrimSpace(there[name]) != strings.TrimSpace(value) {
			return false
		}
	}
	return true
}
