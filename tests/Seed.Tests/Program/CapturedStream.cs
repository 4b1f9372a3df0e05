using System.Text;

namespace LPZero.Seed.Tests.Program;

/// <summary>
/// A standard stream of the tests' process: what a command writes that a test runs goes to that test, and all else where it went before.
/// The console lets one write at a time.
/// </summary>
/// <param name="otherwise">Where all else goes.</param>
/// <param name="error">Whether it is standard error.</param>
internal sealed class CapturedStream(TextWriter otherwise, bool error) : TextWriter
{
    private static readonly AsyncLocal<Printed?> Current = new();

    /// <inheritdoc/>
    public override Encoding Encoding => otherwise.Encoding;

    private TextWriter Target => Current.Value is not { } printed ? otherwise : error ? printed.Error : printed.Output;

    /// <summary>Keeps what is written from here on in the caller's flow of control.</summary>
    public static Printed Begin() => Current.Value = new Printed(new StringWriter(), new StringWriter());

    /// <inheritdoc/>
    public override void Write(char value) => Target.Write(value);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Target.Write(buffer);

    /// <inheritdoc/>
    public override void Write(string? value) => Target.Write(value);

    /// <summary>What was written.</summary>
    internal sealed record Printed(StringWriter Output, StringWriter Error);
}
