using System.Collections.Concurrent;
using LPZero.GpuNode;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Control;
using LPZero.Messages.Terms;
using Device = TorchSharp.torch.Device;

namespace LPZero.Cluster.Devices;

/// <summary>
/// Pinned threads with an <see cref="ArchitectureHost"/> each. Tensors belong to the thread that made them, so whatever
/// is done with them waits in the thread's own queue.
/// </summary>
public sealed class DeviceThreads : IDeviceSet, IDisposable
{
    private readonly DeviceThread[] threads;
    private readonly long memoryBudget;
    private readonly Lock assigning = new();

    /// <summary>Starts the threads and waits for their devices.</summary>
    /// <param name="devices">One entry for each thread: <c>cpu</c> or <c>cuda:N</c>.</param>
    /// <param name="memoryBudget">Bytes for all of them together.</param>
    /// <param name="createEvaluator">Makes the evaluator of a thread.</param>
    /// <exception cref="InvalidOperationException">The devices have different numeric profiles: start a node for each.</exception>
    public DeviceThreads(IReadOnlyList<string> devices, long memoryBudget, Func<ITermEvaluator> createEvaluator)
    {
        this.memoryBudget = memoryBudget;
        var process = new ProcessMemory(memoryBudget, devices.Count);
        threads = [.. devices.Select((device, index) => new DeviceThread($"device {index} ({device})", () =>
            new ArchitectureHost(createEvaluator(), memoryBudget / devices.Count, new Device(device), device == "cpu" ? process : null)))];
        try
        {
            var profiles = threads.Select(thread => thread.NumericProfile).Distinct().ToList();
            NumericProfile = profiles.Count == 1
                ? profiles[0]
                : throw new InvalidOperationException($"devices of different arithmetic in one node ({string.Join("; ", profiles)}): start a node for each");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string NumericProfile { get; }

    /// <inheritdoc/>
    public IDeviceSlot Assign()
    {
        lock (assigning)
        {
            return threads.MinBy(thread => thread.Slots)!.AddSlot();
        }
    }

    /// <inheritdoc/>
    public DeviceDescription Describe() => new(
        NumericProfile, threads.Length, threads.Sum(thread => thread.LoadedArchitectures), threads.Sum(thread => thread.ComputedTerms),
        threads.Sum(thread => thread.LoadedBytes), memoryBudget);

    /// <summary>Lets the threads finish what they are at, and releases what they hold.</summary>
    public void Dispose()
    {
        foreach (var thread in threads)
        {
            thread.Complete();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }
    }

    private sealed class DeviceThread
    {
        private readonly BlockingCollection<Action<ArchitectureHost>> work = [];
        private readonly TaskCompletionSource<string> profile = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Thread thread;
        private int loadedArchitectures;
        private long loadedBytes;
        private long computedTerms;
        private int slots;

        public DeviceThread(string name, Func<ArchitectureHost> createHost)
        {
            thread = new Thread(() => Work(createHost)) { Name = name, IsBackground = true };
            thread.Start();
        }

        public string NumericProfile => profile.Task.GetAwaiter().GetResult();

        public int Slots => Volatile.Read(ref slots);

        public int LoadedArchitectures => Volatile.Read(ref loadedArchitectures);

        public long LoadedBytes => Interlocked.Read(ref loadedBytes);

        public long ComputedTerms => Interlocked.Read(ref computedTerms);

        public IDeviceSlot AddSlot()
        {
            Interlocked.Increment(ref slots);
            return new Slot(this);
        }

        public void Complete() => work.CompleteAdding();

        public void Join()
        {
            thread.Join();
            work.Dispose();
        }

        private void Work(Func<ArchitectureHost> createHost)
        {
            try
            {
                using var host = createHost();
                profile.SetResult(host.NumericProfile);
                foreach (var item in work.GetConsumingEnumerable())
                {
                    item(host);
                }
            }
            catch (Exception problem) when (!profile.Task.IsCompleted)
            {
                profile.SetException(problem);
            }
        }

        /// <summary>Lets others see what the thread holds; before an answer, so that whoever has that sees this too.</summary>
        private void Show(ArchitectureHost host)
        {
            Volatile.Write(ref loadedArchitectures, host.LoadedCount);
            Volatile.Write(ref loadedBytes, host.LoadedBytes);
        }

        private Task<TermReply> EvaluateAsync(TermRequest request)
        {
            var reply = new TaskCompletionSource<TermReply>(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                work.Add(host =>
                {
                    try
                    {
                        var terms = host.Evaluate(request);
                        Interlocked.Add(ref computedTerms, terms.Blocks.Sum(block => block.Chains.Length));
                        Show(host);
                        reply.SetResult(terms);
                    }
                    catch (Exception problem)
                    {
                        Show(host);
                        reply.SetException(problem);
                    }
                });
            }
            catch (InvalidOperationException)
            {
                reply.SetCanceled(); // the node is shutting down
            }

            return reply.Task;
        }

        private void Release(IReadOnlyCollection<ProbedNetwork> targets)
        {
            Interlocked.Decrement(ref slots);
            try
            {
                work.Add(host =>
                {
                    foreach (var target in targets)
                    {
                        host.Unload(target);
                    }

                    Show(host);
                });
            }
            catch (InvalidOperationException)
            {
                // The thread is ending and releases everything itself.
            }
        }

        private sealed class Slot(DeviceThread thread) : IDeviceSlot
        {
            private readonly HashSet<ProbedNetwork> targets = [];

            public Task<TermReply> EvaluateAsync(TermRequest request)
            {
                targets.Add(request.Target);
                return thread.EvaluateAsync(request);
            }

            public void Dispose() => thread.Release([.. targets]);
        }
    }
}
