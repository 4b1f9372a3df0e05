namespace LPZero.Seed.CommandLine;

/// <summary>Work of which every finished part is kept, so that the same command goes on where it was interrupted.</summary>
internal static class KeptWork
{
    // The second signal ends the process: see Interruption.
    private const string Stopping = "lpzero: stopping after the networks in hand (asked again, at once); what is computed is kept";

    /// <summary>Does it, and returns the exit code. Interrupted, it says so at once: what devices are at is finished first.</summary>
    /// <param name="work">The work, which ends with <see cref="OperationCanceledException"/> where it is interrupted.</param>
    /// <param name="interrupt">Interrupts it.</param>
    /// <param name="remarks">Where that goes; standard error where null.</param>
    public static async Task<int> DoAsync(Func<Task> work, CancellationToken interrupt, TextWriter? remarks = null)
    {
        remarks ??= Console.Error;
        await using var interruption = interrupt.Register(() => remarks.WriteLine(Stopping));
        try
        {
            await work();
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            await remarks.WriteLineAsync("lpzero: interrupted; repeat the command to go on");
            return ExitCode.Interrupted;
        }
    }
}
