namespace LPZero.GpuNode.SelfTest;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">Its name, in kebab case.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Detail">What was found, in one line.</param>
/// <param name="Mend">What to do where it is not.</param>
public sealed record SelfTestCheck(string Name, bool Ok, string Detail, string? Mend = null);
