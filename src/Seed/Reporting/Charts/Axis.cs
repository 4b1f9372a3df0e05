using System.Collections.Immutable;
using System.Globalization;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>A linear axis: a range that holds the data, and round numbers on it.</summary>
internal sealed class Axis
{
    private readonly double from;
    private readonly double to;
    private readonly double start;
    private readonly double end;

    /// <summary>An axis for the given values.</summary>
    /// <param name="values">Finite values; at least one.</param>
    /// <param name="start">Where the smallest value lies on the drawing: pixels from the top, or per cent of the width.</param>
    /// <param name="end">Where the largest value lies.</param>
    /// <param name="padding">Share of the values' range that is left free at both ends.</param>
    public Axis(IEnumerable<double> values, double start, double end, double padding = 0.05)
    {
        var all = values.ToList();
        var (low, high) = (all.Min(), all.Max());
        var spread = high > low ? high - low : Math.Max(Math.Abs(high), 1) * 0.1;
        (from, to) = (low - (padding * spread), high + (padding * spread));
        (this.start, this.end) = (start, end);
        var step = RoundStep((to - from) / 5);
        var first = Math.Ceiling(from / step);
        var last = Math.Floor(to / step);
        Ticks = [.. Enumerable.Range(0, (int)(last - first) + 1)
            .Select(i => new Tick((first + i) * step, Label((first + i) * step, step)))];
    }

    /// <summary>Round numbers within the axis, ascending.</summary>
    public ImmutableArray<Tick> Ticks { get; }

    /// <summary>Where a value lies, in the unit of the axis' ends.</summary>
    public double At(double value) => start + ((value - from) / (to - from) * (end - start));

    /// <summary>1, 2 or 5 times a power of ten, not below the given step.</summary>
    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        var mantissa = step / power;
        return power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    }

    private static string Label(double value, double step)
    {
        if (Math.Abs(value) >= 1e6 || step < 1e-4)
        {
            return value.ToString("0.###e+0", CultureInfo.InvariantCulture);
        }

        var decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step) - 1e-9));
        return value.ToString($"N{decimals}", CultureInfo.InvariantCulture);
    }
}

/// <summary>A labelled value on an axis.</summary>
internal readonly record struct Tick(double Value, string Label);
