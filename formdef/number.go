package formdef

import (
	"errors"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"chungtay/internal/i18n"
)

// Limits of a figure. Spreadsheets keep 15 digits as well, so that nothing is lost on the way through one.
const (
	maxDigits   = 15
	maxDecimals = 6
	maxCoef     = 999_999_999_999_999_999 // results of formulas and sums may have 18 digits
)

var pow10 = [...]int64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000}

// Number is an exact decimal: coef / 10^scale, without trailing zeros. The zero Number is 0.
type Number struct {
	coef  int64
	scale uint8
}

// Int is a whole Number.
func Int(n int64) Number { return Number{coef: n} }

func trimmed(coef int64, scale uint8) Number {
	for scale > 0 && coef%10 == 0 {
		coef /= 10
		scale--
	}
	return Number{coef, scale}
}

var (
	errNumber   = errors.New("not a number")
	errDigits   = errors.New("too many digits")
	errDecimals = errors.New("too many decimals")
)

// ParseNumber reads the canonical form: -1250.5, digits with a point. JSON exponents (1e3) are refused, so that one value has one form.
func ParseNumber(s string) (Number, error) {
	t := strings.TrimPrefix(s, "-")
	whole, frac, point := strings.Cut(t, ".")
	if whole == "" || point && frac == "" || len(whole) > 1 && whole[0] == '0' {
		return Number{}, errNumber
	}
	for _, c := range []byte(whole + frac) {
		if c < '0' || c > '9' {
			return Number{}, errNumber
		}
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > maxDecimals {
		return Number{}, errDecimals
	}
	if digits := strings.TrimLeft(whole+frac, "0"); len(digits) > maxDigits {
		return Number{}, errDigits
	}
	n, err := strconv.ParseInt(whole+frac, 10, 64)
	if err != nil {
		return Number{}, errNumber
	}
	if s[0] == '-' {
		n = -n
	}
	return trimmed(n, uint8(len(frac))), nil
}

// String returns the canonical form.
func (n Number) String() string { return n.in('.', "") }

// In writes the number as people of a language do: 38.450 and 58,3, in English 38,450 and 58.3.
func (n Number) In(l i18n.Lang) string {
	if l == i18n.EN {
		return n.in('.', ",")
	}
	return n.in(',', ".")
}

func (n Number) in(point byte, group string) string {
	s := strconv.FormatInt(n.coef, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	frac := ""
	if k := int(n.scale); k > 0 {
		for len(s) <= k {
			s = "0" + s
		}
		s, frac = s[:len(s)-k], string(point)+s[len(s)-k:]
	}
	if group != "" {
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + group + s[i:]
		}
	}
	return sign + s + frac
}

// Cmp compares two numbers: -1, 0, 1.
func (n Number) Cmp(m Number) int { return n.rat().cmp(m.rat()) }

// IsZero tells whether the number is 0.
func (n Number) IsZero() bool { return n.coef == 0 }

// IsInt tells whether the number is whole.
func (n Number) IsInt() bool { return n.scale == 0 }

// Int64 is the number without its decimals.
func (n Number) Int64() int64 { return n.coef / pow10[n.scale] }

// Float is the nearest binary number, for drawing charts only.
func (n Number) Float() float64 { return float64(n.coef) / float64(pow10[n.scale]) }

func (n Number) rat() rat { return rat{n: n.coef, d: pow10[n.scale]} }

// rat is an exact fraction with d > 0; big is used when 64 bits do not hold it. It need not be in lowest terms.
type rat struct {
	n, d int64
	big  *big.Rat
}

func (x rat) toBig() *big.Rat {
	if x.big != nil {
		return x.big
	}
	return big.NewRat(x.n, x.d)
}

func fromBig(b *big.Rat) rat {
	if b.Num().IsInt64() && b.Denom().IsInt64() && b.Num().Int64() != math.MinInt64 {
		return rat{n: b.Num().Int64(), d: b.Denom().Int64()}
	}
	return rat{big: b}
}

func mul64(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(abs64(a), abs64(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func abs64(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}

func add64(a, b int64) (int64, bool) {
	c := a + b
	return c, (c > a) == (b > 0) && c != math.MinInt64
}

func (x rat) add(y rat) rat {
	if x.big == nil && y.big == nil {
		if x.d == y.d {
			if n, ok := add64(x.n, y.n); ok {
				return rat{n: n, d: x.d}
			}
		} else if a, ok := mul64(x.n, y.d); ok {
			if b, ok := mul64(y.n, x.d); ok {
				if d, ok := mul64(x.d, y.d); ok {
					if n, ok := add64(a, b); ok {
						return rat{n: n, d: d}.low()
					}
				}
			}
		}
	}
	return fromBig(new(big.Rat).Add(x.toBig(), y.toBig()))
}

func (x rat) neg() rat {
	if x.big != nil {
		return rat{big: new(big.Rat).Neg(x.big)}
	}
	return rat{n: -x.n, d: x.d}
}

func (x rat) sub(y rat) rat { return x.add(y.neg()) }

func (x rat) mul(y rat) rat {
	if x.big == nil && y.big == nil {
		if n, ok := mul64(x.n, y.n); ok {
			if d, ok := mul64(x.d, y.d); ok {
				return rat{n: n, d: d}.low()
			}
		}
	}
	return fromBig(new(big.Rat).Mul(x.toBig(), y.toBig()))
}

// div divides by a y that is not zero.
func (x rat) div(y rat) rat {
	if y.big != nil {
		return fromBig(new(big.Rat).Quo(x.toBig(), y.big))
	}
	if y.n < 0 {
		return x.mul(rat{n: -y.d, d: -y.n})
	}
	return x.mul(rat{n: y.d, d: y.n})
}

func (x rat) low() rat {
	if x.d == 1 {
		return x
	}
	a, b := abs64(x.n), uint64(x.d)
	for b != 0 {
		a, b = b, a%b
	}
	if a > 1 {
		x.n, x.d = x.n/int64(a), x.d/int64(a)
	}
	return x
}

func (x rat) sign() int {
	if x.big != nil {
		return x.big.Sign()
	}
	switch {
	case x.n < 0:
		return -1
	case x.n > 0:
		return 1
	}
	return 0
}

func (x rat) cmp(y rat) int {
	if x.big == nil && y.big == nil && x.d == y.d {
		switch {
		case x.n < y.n:
			return -1
		case x.n > y.n:
			return 1
		}
		return 0
	}
	return x.sub(y).sign()
}

// round returns the fraction with at most so many decimals, halves away from zero. It is false when the result has too many digits.
func (x rat) round(decimals int) (Number, bool) {
	if x.big == nil {
		if n, ok := mul64(x.n, pow10[decimals]); ok {
			q, r := n/x.d, n%x.d
			if 2*abs64(r) >= uint64(x.d) {
				if n < 0 {
					q--
				} else {
					q++
				}
			}
			return trimmed(q, uint8(decimals)), abs64(q) <= maxCoef
		}
	}
	b := new(big.Rat).Mul(x.toBig(), new(big.Rat).SetInt64(pow10[decimals]))
	num, den := new(big.Int).Set(b.Num()), b.Denom()
	neg := num.Sign() < 0
	num.Abs(num)
	q, r := num.QuoRem(num, den, new(big.Int))
	if r.Lsh(r, 1).Cmp(den) >= 0 {
		q.Add(q, big.NewInt(1))
	}
	if !q.IsInt64() || q.Int64() > maxCoef {
		return Number{}, false
	}
	c := q.Int64()
	if neg {
		c = -c
	}
	return trimmed(c, uint8(decimals)), true
}

// PercentChange is by how many per cent a figure moved, with one decimal; false when there was nothing to move from.
func PercentChange(was, is Number) (Number, bool) {
	if was.IsZero() {
		return Number{}, false
	}
	base := was.rat()
	if base.sign() < 0 {
		base = base.neg()
	}
	return is.rat().sub(was.rat()).mul(rat{n: 100, d: 1}).div(base).round(1)
}
