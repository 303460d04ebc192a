package form
import ("testing";"strings";"fmt"; tea "charm.land/bubbletea/v2")
func BenchmarkLong(b *testing.B) {
	for _, n := range []int{20, 100, 400} {
		b.Run(fmt.Sprint(n), func(b *testing.B){
	f := intake(plain())
	f.Focus("Notes")
	f.Update(tea.PasteMsg{Content: strings.Repeat("She asked to be called back after four.\n", n)})
	keys := []tea.KeyPressMsg{press("a"), press("backspace")}
	for i := 0; b.Loop(); i++ {
				f.Update(keys[i%2])
				_, _ = f.View(), f.Cursor()
	}
	})
	b.Run(fmt.Sprint(n,"other"), func(b *testing.B){
	f := intake(plain())
	f.Focus("Notes")
	f.Update(tea.PasteMsg{Content: strings.Repeat("She asked to be called back after four.\n", n)})
	f.Focus("EMail")
	keys := []tea.KeyPressMsg{press("a"), press("backspace")}
	for i := 0; b.Loop(); i++ {
				f.Update(keys[i%2])
				_, _ = f.View(), f.Cursor()
	}
	})
	}
}
