using System.Reflection;

namespace LPZero.Messages;

/// <summary>Which program this is.</summary>
public static class ProgramVersion
{
    /// <summary>
    /// The version and, where it was built from a repository, the commit: <c>0.1.0+9e0f0c0...</c>, as <c>--version</c> prints it.
    /// </summary>
    public static string Text { get; } = typeof(ProgramVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
