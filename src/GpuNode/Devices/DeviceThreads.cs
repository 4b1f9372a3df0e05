using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Terms;
using Device = TorchSharp.torch.Device;

namespace LPZero.GpuNode.Devices;

/// <summary>
/// Pinned threads with an <see cref="ArchitectureHost"/> each. Tensors belong to the thread that made them, so whatever
/// is done with a network is done by the thread that has it.
/// </summary>
public sealed partial class DeviceThreads : IDeviceSet, IDisposable
{
    private readonly Lock gate = new();
    private readonly DeviceQueues queues;
    private readonly DeviceThread[] threads;
    private readonly long memoryBudget;
    private bool isEnding;

    /// <summary>Starts the threads and waits for their devices.</summary>
    /// <param name="devices">One entry for each thread: <c>cpu</c> or <c>cuda:N</c>.</param>
    /// <param name="memoryBudget">Bytes for all of them together.</param>
    /// <param name="createEvaluator">Makes the evaluator of a thread.</param>
    /// <exception cref="InvalidOperationException">The devices have different numeric profiles: start a node for each.</exception>
    public DeviceThreads(IReadOnlyList<string> devices, long memoryBudget, Func<ITermEvaluator> createEvaluator)
    {
        this.memoryBudget = memoryBudget;
        queues = new DeviceQueues(devices.Count);
        var process = new ProcessMemory(memoryBudget, devices.Count);
        threads = [.. devices.Select((device, index) => new DeviceThread(this, index, device, () =>
            new ArchitectureHost(createEvaluator(), memoryBudget / devices.Count, new Device(device), device == "cpu" ? process : null)))];
        try
        {
            var profiles = threads.Select(thread => thread.NumericProfile).Distinct().ToList();
            NumericProfile = profiles.Count == 1
                ? profiles[0]
                : throw new InvalidOperationException(
                    $"devices of different arithmetic in one node ({string.Join("; ", profiles)}): start a node for each");
            Observe();
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
    public Task<TermReply?> EvaluateAsync(
        TermRequest request, DeviceShare share, Func<Task<bool>> begin, CancellationToken withdrawn) => DoAsync(
        new DeviceWork<TermReply?>(
            request.Target, share,
            host => begin().GetAwaiter().GetResult() ? host.Evaluate(request) : null,
            reply => reply?.Blocks.Sum(block => block.Chains.Length) ?? 0),
        withdrawn);

    /// <summary>
    /// Does something about a network that needs none of its terms, such as to train it, on whichever device comes to it.
    /// </summary>
    /// <param name="about">The network, whose shapes tell what it takes.</param>
    /// <param name="work">What is to be done.</param>
    /// <param name="withdrawn">Takes it back as long as no device has come to it.</param>
    /// <exception cref="OperationCanceledException">It was taken back, or the devices have ended before they came to it.</exception>
    public Task<T> RunAsync<T>(ProbedNetwork about, Func<T> work, CancellationToken withdrawn) =>
        DoAsync(new DeviceWork<T>(about, new DeviceShare(Run: ""), _ => work(), _ => 0), withdrawn);

    /// <inheritdoc/>
    public void Unload(IReadOnlyCollection<ProbedNetwork> targets)
    {
        lock (gate)
        {
            // Threads that are ending release everything themselves.
            foreach (var thread in isEnding ? [] : threads)
            {
                thread.ToUnload.AddRange(targets);
                thread.Wake();
            }
        }
    }

    /// <inheritdoc/>
    public DeviceDescription Describe()
    {
        lock (gate)
        {
            return new DeviceDescription(
                NumericProfile, threads.Length, threads.Sum(thread => thread.LoadedArchitectures),
                threads.Sum(thread => thread.ComputedTerms), threads.Sum(thread => thread.LoadedBytes), memoryBudget);
        }
    }

    /// <summary>Lets the threads finish what they are at, and releases what they hold. What they have not come to is taken back.</summary>
    public void Dispose()
    {
        IReadOnlyList<DeviceWork> left;
        lock (gate)
        {
            isEnding = true;
            left = queues.Clear();
            foreach (var thread in threads)
            {
                thread.Wake();
            }
        }

        foreach (var work in left)
        {
            work.Cancel();
        }

        foreach (var thread in threads)
        {
            thread.Dispose();
        }

        meter.Dispose();
    }

    private async Task<T> DoAsync<T>(DeviceWork<T> work, CancellationToken withdrawn)
    {
        lock (gate)
        {
            if (isEnding)
            {
                throw new OperationCanceledException("the devices are ending");
            }

            threads[queues.Add(work)].Wake();
        }

        await using var registration = withdrawn.Register(() => Withdraw(work));
        return await work.Reply;
    }

    private void Withdraw(DeviceWork work)
    {
        bool isWithdrawn;
        lock (gate)
        {
            isWithdrawn = queues.Remove(work);
        }

        if (isWithdrawn)
        {
            work.Cancel();
        }
    }

    private sealed class DeviceThread : IDisposable
    {
        private readonly DeviceThreads all;
        private readonly int index;
        private readonly AutoResetEvent wake = new(initialState: false);
        private readonly TaskCompletionSource<string> profile = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Thread thread;

        public DeviceThread(DeviceThreads all, int index, string device, Func<ArchitectureHost> createHost)
        {
            this.all = all;
            this.index = index;
            Device = device;
            thread = new Thread(() => Work(createHost)) { Name = $"device {index} ({device})", IsBackground = true };
            thread.Start();
        }

        public string Device { get; }

        public string NumericProfile => profile.Task.GetAwaiter().GetResult();

        // What follows is read and written under the gate.
        public List<ProbedNetwork> ToUnload { get; } = [];

        public int LoadedArchitectures { get; private set; }

        public long LoadedBytes { get; private set; }

        public long ComputedTerms { get; private set; }

        /// <summary>Lets the thread look for work once more.</summary>
        public void Wake() => wake.Set();

        /// <summary>Waits for the thread's end.</summary>
        public void Dispose()
        {
            thread.Join();
            wake.Dispose();
        }

        private void Work(Func<ArchitectureHost> createHost)
        {
            try
            {
                using var host = createHost();
                profile.SetResult(host.NumericProfile);
                while (!IsEnding())
                {
                    Unload(host);
                    if (Take() is { } work)
                    {
                        Finish(host, work.Do(host));
                        work.Answer();
                    }
                    else
                    {
                        wake.WaitOne();
                    }
                }
            }
            catch (Exception problem) when (!profile.Task.IsCompleted)
            {
                profile.SetException(problem);
            }
        }

        private bool IsEnding()
        {
            lock (all.gate)
            {
                return all.isEnding;
            }
        }

        private DeviceWork? Take()
        {
            lock (all.gate)
            {
                return all.queues.Take(index);
            }
        }

        private void Unload(ArchitectureHost host)
        {
            ProbedNetwork[] targets;
            lock (all.gate)
            {
                targets = [.. ToUnload];
                ToUnload.Clear();
            }

            if (targets.Length > 0)
            {
                Array.ForEach(targets, host.Unload);
                Finish(host, computed: 0);
            }
        }

        /// <summary>Lets others see what the thread holds; before an answer, so that whoever has that sees this too.</summary>
        private void Finish(ArchitectureHost host, int computed)
        {
            lock (all.gate)
            {
                (LoadedArchitectures, LoadedBytes, ComputedTerms) = (host.LoadedCount, host.LoadedBytes, ComputedTerms + computed);
                all.queues.Finish(index, host.LoadedNetworks);

                // What was loaded here and is no more may be for another thread now.
                foreach (var idle in all.queues.Idle)
                {
                    all.threads[idle].Wake();
                }
            }
        }
    }
}
