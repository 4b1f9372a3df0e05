namespace LPZero.Bench.Macro;

/// <summary>A line of the table.</summary>
/// <param name="Work">What was timed.</param>
/// <param name="Ours">How long it took, or its rate.</param>
/// <param name="Yardstick">The same of the yardstick, in the same run.</param>
/// <param name="Ratio">What is compared with the target.</param>
/// <param name="Target">The figure to reach.</param>
internal sealed record Row(string Work, string Ours, string Yardstick, string Ratio, string Target);
