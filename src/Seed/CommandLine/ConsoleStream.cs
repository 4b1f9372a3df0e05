namespace LPZero.Seed.CommandLine;

/// <summary>
/// A standard stream that may be closed, or whose reader may go, while work is under way: what can no longer be written there is
/// dropped, and the work goes on.
/// </summary>
/// <param name="inner">The stream as the system gives it.</param>
/// <param name="mayLose">Whether a failure to write is none.</param>
internal sealed class ConsoleStream(Stream inner, Func<Exception, bool> mayLose) : Stream
{
    private const int InputOutput = 5, BadDescriptor = 9;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Makes this process's standard streams of this kind. A full disk under standard output is still a failure.</summary>
    public static void Install()
    {
        Console.SetOut(Writer(Console.OpenStandardOutput, IsGone));
        Console.SetError(Writer(Console.OpenStandardError, _ => true));
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException && mayLose(problem))
        {
            // nobody reads it
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is kept back.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private static StreamWriter Writer(Func<Stream> open, Func<Exception, bool> mayLose)
    {
        Stream stream;
        try
        {
            stream = open();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            stream = Null;
        }

        return new StreamWriter(new ConsoleStream(stream, mayLose), Console.OutputEncoding) { AutoFlush = true };
    }

    /// <summary>Whether the stream was closed or its terminal is gone; the runtime itself ignores a pipe without a reader.</summary>
    private static bool IsGone(Exception problem) =>
        (problem.InnerException ?? problem).HResult is InputOutput or BadDescriptor || problem is UnauthorizedAccessException;
}
