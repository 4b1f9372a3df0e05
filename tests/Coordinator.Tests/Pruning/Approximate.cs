namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>
/// A number computed in double, with a bound on how far rounding may have carried it from the exact one. Where terms
/// cancelled, the bound is as large as the number or larger, and a comparison has to allow for it.
/// </summary>
/// <param name="Value">As computed; NaN and infinities are values like others.</param>
/// <param name="Error">The bound; infinite where rounding decides (such as a logarithm of a number that may be 0).</param>
internal readonly record struct Approximate(double Value, double Error)
{
    // Library functions are good to a unit or two in the last place.
    private const double Rounding = 8 * 1.1102230246251565e-16;

    public static readonly Approximate Zero = new(0, 0);

    public static readonly Approximate One = new(1, 0);

    public bool IsUndecided => double.IsPositiveInfinity(Error);

    public bool IsFinite => double.IsFinite(Value);

    /// <summary>Whether the value has at least six true digits, or is an exact special value.</summary>
    public bool IsSharp => Error <= 1e-6 * Math.Abs(Value) || Error == 0;

    public static Approximate Exact(double value) => new(value, 0);

    public static Approximate Undecided(double value) => new(value, double.PositiveInfinity);

    /// <summary>A value with the rounding of the last step added to what came before.</summary>
    public static Approximate Rounded(double value, double error, int steps = 1)
    {
        if (double.IsNaN(error))
        {
            return Undecided(value);
        }

        // Below the normal range rounding is absolute.
        var subnormal = value != 0 && Math.Abs(value) < 1e-290 ? 1e-300 : 0;
        return new Approximate(value, double.IsFinite(value) ? error + (steps * Rounding * Math.Abs(value)) + subnormal : error);
    }

    /// <summary>A monotone function, whose error follows from its values at the ends of the interval.</summary>
    public Approximate Monotone(Func<double, double> function)
    {
        var value = function(Value);
        if (IsUndecided)
        {
            return Undecided(value);
        }

        if (double.IsNaN(Value))
        {
            return Exact(value);
        }

        var low = function(Value - Error);
        var high = function(Value + Error);
        if (!double.IsFinite(value))
        {
            return low.Equals(value) && high.Equals(value) ? Exact(value) : Undecided(value);
        }

        return Rounded(value, Math.Max(Math.Abs(low - value), Math.Abs(high - value)));
    }

    /// <summary>
    /// Whether two computations of the same thing agree: the same NaN and infinity pattern, 1e-9 relative, and beyond
    /// that only what the error bounds explain.
    /// </summary>
    public bool Agrees(Approximate other)
    {
        if (IsUndecided || other.IsUndecided)
        {
            return true;
        }

        if (!IsFinite || !other.IsFinite)
        {
            return Value.Equals(other.Value);
        }

        var scale = Math.Max(Math.Abs(Value), Math.Abs(other.Value));
        return Math.Abs(Value - other.Value) <= (1e-9 * scale) + Error + other.Error;
    }

    public static Approximate operator -(Approximate x) => x with { Value = -x.Value };

    public static Approximate operator +(Approximate x, Approximate y) => Rounded(x.Value + y.Value, x.Error + y.Error);

    public static Approximate operator -(Approximate x, Approximate y) => x + -y;

    public static Approximate operator *(Approximate x, Approximate y)
    {
        if (x.IsUndecided || y.IsUndecided)
        {
            return Undecided(x.Value * y.Value);
        }

        var error = x.IsFinite && y.IsFinite
            ? (Math.Abs(x.Value) * y.Error) + (Math.Abs(y.Value) * x.Error) + (x.Error * y.Error)
            : 0;
        return Rounded(x.Value * y.Value, error);
    }

    public override string ToString() => $"{Value:R}±{Error:E1}";
}
