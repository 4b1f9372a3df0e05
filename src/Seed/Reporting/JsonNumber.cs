namespace LPZero.Seed.Reporting;

/// <summary>Figures as JSON has them.</summary>
internal static class JsonNumber
{
    /// <summary>JSON has no NaN; a figure that does not exist is absent.</summary>
    public static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
