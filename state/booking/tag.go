package booking

import (
	"context"
	"errors"
	"slices"
	"strings"

	"frontdesk/clients/naturaesoft"
	"frontdesk/clients/rest"
	"frontdesk/state/store"
)

// tagged gives the person of a requested visit the practice's tag. Assigning
// it twice does no harm, so it needs no proof of absence. A practice without
// that tag gets a notice; a failure makes the visit PARTIAL, not undone.
func (b *Book) tagged(ctx context.Context, r Booking) (Booking, error) {
	if b.o.RequestedTag == "" || r.tag == tagSet || r.State != Requested && r.State != Partial {
		return r, nil
	}
	tag, err := b.tagID(ctx)
	if err == nil && tag == "" {
		return b.change(ctx, r.ID, "tag", "no such tag", func(_ *store.Tx, r *Booking) error {
			r.warn("The EMR has no tag " + b.o.RequestedTag + ", so none was set. Correct the profile or ask for the tag in the EMR.")
			r.tag, r.State = tagNone, Requested
			return nil
		})
	}
	if err == nil {
		if r, err = b.change(ctx, r.ID, "tag", sending, setTag(tagSending)); err != nil {
			return r, err
		}
		err = b.emr.AssignTag(ctx, r.Prospect, tag)
	}
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		return b.change(ctx, r.ID, "tag", "failed: "+kind(err), func(_ *store.Tx, r *Booking) error {
			r.tag = tagFailed
			if r.State == Requested {
				r.State = Partial
			}
			return nil
		})
	}
	return b.change(ctx, r.ID, "tag", "set", func(_ *store.Tx, r *Booking) error {
		r.tag = tagSet
		if r.State == Partial {
			r.State = Requested
		}
		return nil
	})
}

// untagged notes that the tag of a requested visit is still to be set.
func (b *Book) untagged(ctx context.Context, r Booking) (Booking, error) {
	if b.o.RequestedTag == "" || r.tag == tagSet || r.State != Requested {
		return r, nil
	}
	return b.change(ctx, r.ID, "tag", "not yet", func(_ *store.Tx, r *Booking) error {
		r.tag = tagFailed
		if r.State == Requested {
			r.State = Partial
		}
		return nil
	})
}

func setTag(to tagState) func(*store.Tx, *Booking) error {
	return func(_ *store.Tx, r *Booking) error {
		r.tag = to
		return nil
	}
}

// untag takes the tag off a person none of whose visits is waiting any more.
// It is a courtesy: a failure is noted and leaves only a warning.
func (b *Book) untag(ctx context.Context, r Booking) Booking {
	if b.o.RequestedTag == "" || r.tag != tagSet {
		return r
	}
	waiting, err := b.List(ctx, Filter{Prospect: r.Prospect, States: []State{Requested, Partial, Unknown, Overdue}})
	if err != nil || slices.ContainsFunc(waiting, func(o Booking) bool { return o.ID != r.ID }) {
		return r
	}
	tag, err := b.tagID(ctx)
	if err == nil && tag != "" {
		err = b.emr.RemoveTag(ctx, r.Prospect, tag)
	}
	outcome := "removed"
	if err != nil {
		outcome = "not removed: " + kind(err)
	}
	changed, jerr := b.change(context.WithoutCancel(ctx), r.ID, "untag", outcome, func(_ *store.Tx, r *Booking) error {
		if err != nil {
			r.warn("The tag " + b.o.RequestedTag + " could not be taken off. Remove it in the prospects.")
			return nil
		}
		r.tag = tagNone
		return nil
	})
	if jerr != nil {
		return r
	}
	return changed
}

// tagID looks the practice's tag up by name; empty when there is none.
func (b *Book) tagID(ctx context.Context) (naturaesoft.ID, error) {
	all, err := b.emr.Tags(ctx)
	if err != nil {
		return "", err
	}
	for _, t := range all {
		if strings.EqualFold(strings.TrimSpace(t.Name.Raw()), strings.TrimSpace(b.o.RequestedTag)) {
			return t.ID, nil
		}
	}
	return "", nil
}

// kind is a failure in a word that may be stored: never the vendor's words,
// which can quote a person.
func kind(err error) string {
	var e *rest.Error
	if errors.As(err, &e) {
		return e.Kind.String()
	}
	return "other"
}
