using System.Xml.Linq;

namespace LPZero.Seed.Reporting.Charts;

/// <summary>A drawing of a page.</summary>
/// <param name="Drawing">The drawing.</param>
/// <param name="Caption">What stands above it; null where the heading says it.</param>
internal sealed record Figure(XElement Drawing, string? Caption = null);
