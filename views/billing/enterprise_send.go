package billing

import (
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
		ReadBack: readBack(v, inbox.SettleEnterprise),
	})
	v.write.practice = declare(v, ui.Write[inboxhealth.NewPractice, outcome]{
		Vendor: inboxName, Op: "create practice", Words: "add the practice",
		Send: func(c ctx, n inboxhealth.NewPractice) (outcome, error) {
			x, err := inbox.CreatePractice(c, n)
			return outcome{Words: "Practice " + x.ID.String() + " is added.", ID: x.ID}, err
		},
		ReadBack: readBack(v, inbox.SettlePractice),
	})
	v.write.edit = declareChange(v, changeable[inboxhealth.Enterprise]{"enterprise", inbox.Enterprise, inbox.UpdateEnterprise, enterpriseValues})
	v.write.place = declareChange(v, changeable[inboxhealth.Practice]{"practice", inbox.Practice, inbox.UpdatePractice, practiceValues})
}
