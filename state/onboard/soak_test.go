package onboard

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"frontdesk/clients/sandbox"
)

// Whatever goes wrong, and however often it is tried again, each vendor ends up
// with each practice once. FRONTDESK_SOAK=1 takes in ten times as many.
func TestWhateverGoesWrong(t *testing.T) {
	t.Parallel()
	practices := 40
	if os.Getenv("FRONTDESK_SOAK") == "1" {
		practices = 400
	}
	kinds := []sandbox.FaultKind{
		sandbox.FaultFinBefore, sandbox.FaultResetBefore, sandbox.FaultFinAfter, sandbox.FaultResetAfter, sandbox.FaultCutBody,
		sandbox.FaultGarbage, sandbox.FaultHTML, sandbox.FaultEmpty, sandbox.FaultTruncated, sandbox.FaultUnauthorized, sandbox.FaultRedirect,
	}
	d := newDesk(t)
	lot := rand.New(rand.NewPCG(1, 2))
	runs, doubts := 0, 0
	for n := range practices {
		f := newHaven()
		f.AccountID, f.Website, f.Name = fmt.Sprintf("SOAK-%d", n), fmt.Sprintf("soak-%d", n), fmt.Sprintf("Soak %d", n)
		job := d.begin(f)
		d.updox.ResetCounts()
		had := len(d.ih.all())
		for tries := 0; job.Closed.IsZero(); tries++ {
			require.Less(t, tries, 100, "practice %d is never done", n)
			d.updox.ClearFaults()
			for _, route := range []string{creating, reading} {
				if lot.IntN(2) == 0 {
					d.updox.SetFault(route, sandbox.Fault{Kind: kinds[lot.IntN(len(kinds))], Times: 1 + lot.IntN(3)})
				}
			}
			d.ih.before, d.ih.after = misfortune(lot), misfortune(lot)
			now, err := d.Run(t.Context(), job.ID)
			runs++
			require.Equal(t, err == nil, now.Complete() && !now.Closed.IsZero(), "practice %d: %v", n, err)
			if now.Doubtful() {
				doubts++
				require.ErrorAs(t, err, new(*UnknownError))
			}
			if lot.IntN(2) == 0 {
				d.pass(settle)
			}
			job = now
		}
		require.Equal(t, 1, d.updox.Executions(creating), "practice %d", n)
		require.Len(t, d.ih.all(), had+1, "practice %d", n)
		_, there := d.updox.UpdoxAccount(f.AccountID)
		require.True(t, there)
	}
	require.Greater(t, doubts, practices)
	t.Logf("%d practices in %d runs, %d of which left something in doubt", practices, runs, doubts)
}

// misfortune is a hook that loses the call now and then.
func misfortune(lot *rand.Rand) func(string) error {
	roll := lot.IntN(6)
	return func(op string) error {
		switch {
		case op == "create" && roll == 0:
			return lost
		case op == "settle" && roll == 1:
			return lost
		}
		return nil
	}
}
