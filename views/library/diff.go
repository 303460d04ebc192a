package library

import "slices"

// mostCells bounds the work of a comparison; beyond it what differs is shown
// as replaced whole.
const mostCells = 4_000_000

// partners says for each line of a which line of b it is, -1 for none: a
// longest common subsequence.
func partners(a, b []string) []int {
	out := make([]int, len(a))
	for i := range out {
		out[i] = -1
	}
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		out[head] = head
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		out[len(a)-1-tail] = len(b) - 1 - tail
		tail++
	}
	n, m := len(a)-head-tail, len(b)-head-tail
	if n == 0 || m == 0 || n*m > mostCells {
		return out
	}
	long := lengths(a[head:head+n], b[head:head+m])
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case a[head+i] == b[head+j]:
			out[head+i] = head + j
			i++
			j++
		case long[(i+1)*(m+1)+j] >= long[i*(m+1)+j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// lengths are those of the longest common subsequences of all tails.
func lengths(a, b []string) []int32 {
	w := len(b) + 1
	long := make([]int32, (len(a)+1)*w)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				long[i*w+j] = long[(i+1)*w+j+1] + 1
			} else {
				long[i*w+j] = max(long[(i+1)*w+j], long[i*w+j+1])
			}
		}
	}
	return long
}

// chunk is a run of lines of three texts: the same in all, or not.
type chunk struct{ base, theirs, mine []string }

func (c chunk) same() bool {
	return slices.Equal(c.base, c.theirs) && slices.Equal(c.base, c.mine)
}

// clash reports that both changed it, and not alike.
func (c chunk) clash() bool {
	return !slices.Equal(c.base, c.theirs) && !slices.Equal(c.base, c.mine) && !slices.Equal(c.theirs, c.mine)
}

// joined is the chunk with both changes, mine or theirs where they clash.
func (c chunk) joined(theirs bool) []string {
	switch {
	case slices.Equal(c.base, c.mine), c.clash() && theirs:
		return c.theirs
	}
	return c.mine
}

// chunks splits three texts at the lines that all of them have.
func chunks(base, theirs, mine []string) []chunk {
	toTheirs, toMine := partners(base, theirs), partners(base, mine)
	var out []chunk
	i, j, k := 0, 0, 0
	for i <= len(base) {
		n := i
		for n < len(base) && (toTheirs[n] < 0 || toMine[n] < 0) {
			n++
		}
		jj, kk := len(theirs), len(mine)
		if n < len(base) {
			jj, kk = toTheirs[n], toMine[n]
		}
		if n > i || jj > j || kk > k {
			out = append(out, chunk{base[i:n], theirs[j:jj], mine[k:kk]})
		}
		if n == len(base) {
			break
		}
		if last := len(out) - 1; last >= 0 && out[last].same() {
			out[last].base = base[n-len(out[last].base) : n+1]
			out[last].theirs, out[last].mine = out[last].base, out[last].base
		} else {
			out = append(out, chunk{base[n : n+1], theirs[jj : jj+1], mine[kk : kk+1]})
		}
		i, j, k = n+1, jj+1, kk+1
	}
	return out
}
