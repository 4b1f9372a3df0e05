using System.Threading.Channels;
using LPZero.GpuNode;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Embedded;

/// <summary>
/// Dedicated threads, each with an <see cref="ArchitectureHost"/> of its own, that evaluate term requests side by side.
/// </summary>
public sealed class DevicePool : IAsyncDisposable
{
    private readonly Channel<(TermRequest Request, TaskCompletionSource<TermReply> Reply)> mailbox =
        Channel.CreateUnbounded<(TermRequest, TaskCompletionSource<TermReply>)>();

    private readonly Thread[] threads;
    private readonly TaskCompletionSource<string> numericProfile = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts the threads.</summary>
    /// <param name="count">How many.</param>
    /// <param name="memoryBudget">Bytes for all of them together, and for whatever else this process holds.</param>
    /// <param name="createEvaluator">Makes the evaluator of a thread.</param>
    public DevicePool(int count, long memoryBudget, Func<ITermEvaluator> createEvaluator)
    {
        var process = new ProcessMemory(memoryBudget, count);
        threads = [.. Enumerable.Range(0, count).Select(index => new Thread(() => Work(memoryBudget / count, process, createEvaluator))
        {
            Name = $"device {index}",
            IsBackground = true,
        })];
        foreach (var thread in threads)
        {
            thread.Start();
        }
    }

    /// <summary>How many requests are worth having under way at once.</summary>
    public int Window => threads.Length * 2;

    /// <summary>What the numbers of these devices depend on.</summary>
    public Task<string> NumericProfileAsync => numericProfile.Task;

    /// <summary>The terms that the request asks for.</summary>
    public Task<TermReply> EvaluateAsync(TermRequest request)
    {
        var reply = new TaskCompletionSource<TermReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        mailbox.Writer.TryWrite((request, reply));
        return reply.Task;
    }

    /// <summary>Lets the threads finish what they are at, and releases what they hold.</summary>
    public async ValueTask DisposeAsync()
    {
        mailbox.Writer.TryComplete();
        await Task.Run(() =>
        {
            foreach (var thread in threads)
            {
                thread.Join();
            }
        });
    }

    // A device's tensors belong to its thread, so the thread waits for mail itself rather than through a continuation.
    private void Work(long memoryBudget, ProcessMemory process, Func<ITermEvaluator> createEvaluator)
    {
        try
        {
            using var host = new ArchitectureHost(createEvaluator(), memoryBudget, process: process);
            if (numericProfile.TrySetResult(host.NumericProfile) && TorchBackend.Detect().Warning is { } warning)
            {
                Console.Error.WriteLine($"lpzero: warning: {warning}");
            }

            while (mailbox.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (mailbox.Reader.TryRead(out var work))
                {
                    try
                    {
                        work.Reply.SetResult(host.Evaluate(work.Request));
                    }
                    catch (Exception problem)
                    {
                        work.Reply.SetException(problem);
                    }
                }
            }
        }
        catch (Exception problem)
        {
            // A device that cannot start answers everything with the reason.
            numericProfile.TrySetException(problem);
            while (mailbox.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (mailbox.Reader.TryRead(out var work))
                {
                    work.Reply.SetException(problem);
                }
            }
        }
    }
}
