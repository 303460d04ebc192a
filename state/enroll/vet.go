package enroll

import (
	"context"
	"fmt"

	"frontdesk/clients/anglehealth"
)

// Vet asks the insurer about the group and the plans of a family before it is
// released, and returns a sentence for each that does not fit. The error tells
// that the insurer could not be asked.
func (b *Book) Vet(ctx context.Context, h anglehealth.NewHire) ([]string, error) {
	var wrong []string
	if _, err := b.Roster(ctx, h.Group); anglehealth.NotFound(err) {
		wrong = append(wrong, "Angle Health knows no group of this id.")
	} else if err != nil {
		return nil, err
	}
	asked := map[string]bool{}
	for _, m := range append([]anglehealth.Elected{h.Employee}, h.Dependents...) {
		for _, line := range anglehealth.Lines() {
			name := m.Plans[line]
			if name == "" || asked[string(line)+name] {
				continue
			}
			asked[string(line)+name] = true
			p, err := b.insurer.Plan(ctx, name)
			switch {
			case anglehealth.NotFound(err):
				wrong = append(wrong, fmt.Sprintf("Angle Health knows no plan of the name %s.", name))
			case err != nil:
				return nil, err
			case !p.Covers(line):
				wrong = append(wrong, fmt.Sprintf("The plan %s is no %s plan.", name, line))
			case p.Ends.Known && h.Start.After(p.Ends.Day):
				wrong = append(wrong, fmt.Sprintf("The plan %s ends on %s, before the start date.", name, p.Ends))
			}
		}
	}
	return wrong, nil
}
