package rest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"frontdesk/clients/safe"
)

// UserMessage returns what happened, whether a write may have landed and what
// to do next, in full sentences for the screen.
func (e *Error) UserMessage() string {
	if e.sentence != "" {
		return e.sentence
	}
	if e.Kind == KindAuth && e.why == signInFailed {
		return "Signing in to " + e.Vendor + " did not work, so nothing was sent. " + UserMessage(e.cause)
	}
	parts := []string{e.happened(), e.quoted(), e.outcome(), e.remedy()}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, " ")
}

// UserMessage returns sentences for a person for any error, and "" for none.
func UserMessage(err error) string {
	var (
		spoken interface{ UserMessage() string }
		link   *url.Error
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &spoken):
		return spoken.UserMessage()
	case errors.Is(err, context.Canceled):
		return "This was cancelled."
	case errors.Is(err, context.DeadlineExceeded):
		return "This took too long and was given up."
	case errors.As(err, &link): // whose text holds the address
		err = link.Err
	}
	return "Something went wrong: " + strings.TrimSuffix(safe.Clean(err.Error()), ".") + "."
}

// Then returns UserMessage(err) and what to do, in a sentence, unless the
// message says itself when to press r.
func Then(err error, do string) string {
	words := UserMessage(err)
	if strings.Contains(words, "ress r ") {
		return words
	}
	return words + " " + do
}

// happened is the first sentence.
func (e *Error) happened() string {
	v := e.Vendor
	switch e.Kind {
	case KindAuth:
		return v + " refused the key or the session."
	case KindForbidden:
		if e.Scope != "" {
			return fmt.Sprintf("%s does not allow this: the key lacks the permission %q.", v, e.Scope)
		}
		return v + " does not allow this with the present key."
	case KindNotFound:
		return v + " has no such record; it may have been removed."
	case KindValidation:
		return v + " did not accept what was sent."
	case KindConflict:
		return v + " refused because the record already exists or was changed meanwhile."
	case KindRateLimited:
		return v + " received too many requests and asks to wait."
	case KindServer:
		return fmt.Sprintf("%s failed on its side%s.", v, e.status())
	case KindTransport:
		return e.lost()
	case KindDecode:
		return e.unreadable()
	case KindRedirect:
		return v + " has moved: it pointed to another address, which is never followed."
	case KindCancelled:
		if e.why != "" {
			return "The request to " + v + " waited too long and was given up."
		}
		return "The request to " + v + " was cancelled."
	case KindResting:
		return v + " failed several times in a row and is left alone for a moment."
	}
	return e.misfit()
}

// misfit tells an error of the setup from one of the program.
func (e *Error) misfit() string {
	if e.Status != 0 {
		return fmt.Sprintf("%s does not know this request%s; its interface may have changed.", e.Vendor, e.status())
	}
	return fmt.Sprintf("The request %q to %s could not be made: %s.", e.Op, e.Vendor, e.why)
}

func (e *Error) status() string {
	if e.Status == 0 {
		return ""
	}
	return fmt.Sprintf(" (status %d)", e.Status)
}

// lost says how the connection failed.
func (e *Error) lost() string {
	v := e.Vendor
	switch e.why {
	case noConnection, refused, unreachable:
		return v + " cannot be reached: " + string(e.why) + "."
	case noHost:
		return v + " cannot be found: its host name is unknown, or this machine is offline."
	case noProxy:
		return "The proxy of this network does not answer, so " + v + " cannot be reached."
	case proxyLogin:
		return "The proxy of this network wants a password, so " + v + " cannot be reached."
	case noTLS:
		return "No secure connection to " + v + " could be made, so none was used."
	case certExpired:
		return "The certificate of " + v + " has expired or is not valid yet; if only this machine complains, check its clock."
	case certIssuer:
		return "The certificate of " + v + " comes from an authority this machine does not trust."
	case certHost:
		return "The certificate shown for " + v + " belongs to another host; somebody may be in between."
	case certBad:
		return "The certificate of " + v + " is not valid."
	case notHTTP:
		return v + " did not answer as a web service; check its address."
	case stalled:
		return v + " stopped in the middle of its answer."
	case closed:
		if e.Phase == NotSent {
			return "The connection to " + v + " broke before the request was sent."
		}
		return "The connection to " + v + " broke after the request was sent."
	}
	return v + " did not answer in time."
}

// unreadable says what came instead of data.
func (e *Error) unreadable() string {
	v := e.Vendor
	switch e.why {
	case webPage:
		return v + " answered with a web page instead of data: a login or maintenance page, or a network that wants a sign-in."
	case emptyBody, nullBody:
		return v + " answered, but its answer was empty."
	case cutJSON:
		return v + " answered, but its answer ends in the middle."
	case bigBody, bigHeader:
		return v + " sent more than can be taken in (" + string(e.why) + ")."
	case brokenJSON, extraJSON, badPacking:
		return v + " answered, but its answer is damaged."
	}
	return v + " answered in a form frontdesk does not know; its interface may have changed."
}

// quoted gives the vendor's own words, marked as such.
func (e *Error) quoted() string {
	if !e.Message.Empty() {
		words := e.Message.String()
		if strings.HasSuffix(words, ".") {
			return "It says: “" + words + "”"
		}
		return "It says: “" + words + "”."
	}
	var objections []string
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		objections = append(objections, safe.Clean(name)+": "+e.Fields[name].String())
	}
	if len(objections) == 0 {
		return ""
	}
	const most = 3
	more := ""
	if n := len(objections) - most; n > 0 {
		objections, more = objections[:most], fmt.Sprintf(" and %d more", n)
	}
	return "It objects to “" + strings.Join(objections, "”, “") + "”" + more + "."
}

// outcome says whether anything was changed, where a person may wonder.
func (e *Error) outcome() string {
	switch {
	case e.Ambiguous && e.Kind == KindCancelled:
		return "It may have been carried out all the same."
	case e.Ambiguous:
		return "The request may have been carried out."
	case e.effect == Read && !e.transient() && e.Kind != KindResting:
		return ""
	}
	return "Nothing was changed."
}

// remedy says what to do.
func (e *Error) remedy() string {
	if e.Ambiguous {
		return "Check before sending again."
	}
	switch e.Kind {
	case KindAuth:
		return "Store its key again: frontdesk login."
	case KindForbidden:
		return "Ask whoever manages the key."
	case KindNotFound:
		return "Press r to reload."
	case KindConflict:
		return "Press r to reload and compare."
	case KindValidation:
		return "Correct it and try again."
	case KindRedirect:
		return "Check its address in the configuration."
	case KindConfig:
		return ""
	case KindResting:
		return e.rest()
	}
	if e.why.lasting() {
		return "Ask whoever looks after the network."
	}
	if e.RetryAfter > 0 {
		return "Try again in " + seconds(e.RetryAfter) + "."
	}
	if e.effect == Read {
		return "Press r to try again."
	}
	return "You can send it again."
}

// rest says what a person does about a resting vendor: nothing tries it again
// by itself, and only a read may be the first.
func (e *Error) rest() string {
	switch wait := seconds(e.RetryAfter); {
	case e.effect == Read && e.RetryAfter > 0:
		return "Press r in " + wait + " to try again."
	case e.effect == Read:
		return "It is being tried just now: press r in a moment."
	case e.RetryAfter > 0:
		return "Press r in " + wait + " to reload first; once that works, send it again."
	}
	return "Press r to reload first; once that works, send it again."
}

// seconds rounds up, so that waiting that long is enough.
func seconds(d time.Duration) string {
	if d > 10*time.Minute {
		return fmt.Sprintf("%.0f min", math.Ceil(d.Minutes()))
	}
	return fmt.Sprintf("%.0f s", math.Ceil(d.Seconds()))
}
